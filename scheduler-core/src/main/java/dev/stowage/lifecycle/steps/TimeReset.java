package dev.stowage.lifecycle.steps;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Annex;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Executes an operator's commands about time and silence (section 8). */
public final class TimeReset {
  private static final int MOST_NAMES = 10;

  private final Tables tables;
  private final Journal journal;

  public TimeReset(Journal journal) {
    this.journal = journal;
    tables = journal.tables;
  }

  public Result.Answer reset(long now) {
    long before = tables.fleet.largestTick();
    tables.time.reset(now);
    journal.fleet(it -> reset(tables.fleet, it, now));
    long end = tables.fleet.windowEnd(now);
    for (int position : tables.workers.order()) {
      resetWorker(tables.workers.entry(position), now, before);
    }
    for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
      if (tables.chunks.exists(chunk)) {
        journal.resetTime(chunk, now, end);
        resetReplicas(chunk, now, end);
        // The former time indexed the effects of time alone.
        tables.reindex(chunk);
      }
    }
    List<SwapRow> swaps = new ArrayList<>();
    tables.swaps.all().forEach(swaps::add);
    for (SwapRow swap : swaps) {
      SwapRow notAhead = swap.notAfter(now);
      if (!notAhead.equals(swap)) {
        journal.putSwap(notAhead);
      }
    }
    tables.nextSilence = 0;
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  private static Shape.Draft<FleetRow> reset(FleetRow fleet, Shape.Draft<FleetRow> it, long now) {
    List<FleetRow.LineageRow> lineages = new ArrayList<>();
    for (FleetRow.LineageRow lineage : fleet.lineages()) {
      boolean isPausing = lineage == fleet.present() && fleet.lineages().size() > 1;
      long began = isPausing ? now : Math.min(now, lineage.beganTick());
      lineages.add(new FleetRow.LineageRow(lineage.token(), began, lineage.lastNumber()));
    }
    TreeMap<String, Annex> annexes = new TreeMap<>(fleet.annexes());
    annexes.replaceAll((kind, annex) -> KeptValue.resetTime(annex, Tick.of(now)));
    return it.with(FleetRow.LINEAGES, lineages)
        .with(
            FleetRow.FORMER_WINDOWS,
            fleet.formerWindows().stream().map(former -> former.begunAt(now)).toList())
        .with(FleetRow.ANNEXES, annexes);
  }

  private void resetWorker(WorkerRow known, long now, long before) {
    // The rest of an announced absence is left.
    long left = known.isAway() ? Math.max(0, known.awayUntil() - before) : 0;
    long until = known.isAway() ? SaturatedSum.of(now, left) : Math.min(now, known.awayUntil());
    if (known.awayUntil() != until || known.absentSince() > now) {
      journal.worker(
          known.position(),
          it ->
              it.with(WorkerRow.AWAY_UNTIL, until)
                  .with(WorkerRow.ABSENT_SINCE, Math.min(now, known.absentSince())));
    }
    if (known.lastSeenTick() > now || known.pressure().measuredTick() > now) {
      journal.marks(
          known.position(),
          it ->
              WorkerRow.pressed(it, known.pressure().notAfter(now))
                  .with(WorkerRow.LAST_SEEN_TICK, Math.min(now, known.lastSeenTick())));
    }
  }

  private void resetReplicas(int chunk, long now, long end) {
    ReplicaTable replicas = tables.replicas;
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = replicas.next(slot)) {
      boolean isWindow = replicas.readableUntil(slot) != 0;
      boolean isAhead = replicas.missingSince(slot) > now;
      if (isWindow || isAhead) {
        journal.touch(slot);
        replicas.readableUntil(slot, isWindow ? end : 0);
        replicas.missingSince(slot, isAhead ? now : replicas.missingSince(slot));
      }
    }
  }

  public Result.Answer confirm(List<WorkerId> workers) {
    List<WorkerId> unknown = new ArrayList<>();
    for (WorkerId worker : workers) {
      if (tables.workers.find(worker) < 0) {
        unknown.add(worker);
      }
    }
    if (!unknown.isEmpty()) {
      return new Result.Answer(
          ResultCode.UNKNOWN_WORKER, List.of("no worker is called " + named(unknown)));
    }
    List<WorkerId> others = new ArrayList<>();
    for (WorkerId worker : workers) {
      int position = tables.workers.find(worker);
      WorkerRow entry = tables.workers.entry(position);
      boolean isSilent = entry.absence() == WorkerStatus.SUSPECT && !entry.heard();
      if (isSilent && entry.isRegistered()) {
        journal.worker(position, it -> it.with(WorkerRow.DEPARTURE, WorkerRow.Departure.CONFIRMED));
      } else {
        others.add(worker);
      }
    }
    return others.isEmpty()
        ? Result.Answer.of(ResultCode.ACCEPTED)
        : new Result.Answer(
            ResultCode.ACCEPTED,
            List.of("not confirmed: " + named(others) + "; only silent workers can depart"));
  }

  private static String named(List<WorkerId> workers) {
    String first =
        workers.stream().limit(MOST_NAMES).map(WorkerId::value).collect(Collectors.joining(", "));
    int more = workers.size() - MOST_NAMES;
    return more <= 0 ? first : first + " and " + more + " more";
  }
}
