package dev.stowage.lifecycle.steps;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Annex;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.FleetFields;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
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
    FleetFields fleet = journal.fleet();
    long before = fleet.largestTick;
    fleet.reset(now);
    resetFleet(fleet, now);
    long end = fleet.windowEnd(now);
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

  private static void resetFleet(FleetFields fleet, long now) {
    List<FleetRow.LineageRow> lineages = new ArrayList<>();
    for (FleetRow.LineageRow lineage : fleet.lineages) {
      boolean isPausing = lineage == fleet.present() && fleet.lineageOrdinal() > 0;
      long began = isPausing ? now : Math.min(now, lineage.beganTick());
      lineages.add(new FleetRow.LineageRow(lineage.token(), began, lineage.lastNumber()));
    }
    if (!lineages.equals(fleet.lineages)) {
      fleet.lineages = lineages;
    }
    List<FleetRow.FormerWindow> windows = new ArrayList<>();
    for (FleetRow.FormerWindow former : fleet.formerWindows) {
      windows.add(former.begunAt(now));
    }
    if (!windows.equals(fleet.formerWindows)) {
      fleet.formerWindows = windows;
    }
    TreeMap<String, Annex> annexes = new TreeMap<>(fleet.annexes);
    annexes.replaceAll((kind, annex) -> KeptValue.resetTime(annex, Tick.of(now)));
    if (!annexes.equals(fleet.annexes)) {
      fleet.annexes = annexes;
    }
  }

  private void resetWorker(WorkerEntry entry, long now, long before) {
    // The rest of an announced absence is left.
    long left = entry.isAway() ? Math.max(0, entry.awayUntil - before) : 0;
    long until = entry.isAway() ? SaturatedSum.of(now, left) : Math.min(now, entry.awayUntil);
    if (entry.awayUntil != until) {
      journal.worker(entry.position).awayUntil = until;
    }
    if (entry.absentSince > now) {
      journal.worker(entry.position).absentSince = now;
    }
    if (entry.lastSeen > now) {
      journal.marks(entry.position).lastSeen = now;
    }
    if (entry.pressure.measuredTick() > now) {
      journal.marks(entry.position).pressure = entry.pressure.notAfter(now);
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
      WorkerEntry entry = tables.workers.entry(position);
      boolean isSilent = entry.absence == WorkerStatus.SUSPECT && !entry.heard;
      if (isSilent && entry.isRegistered()) {
        journal.worker(position).departure = WorkerRow.Departure.CONFIRMED;
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
