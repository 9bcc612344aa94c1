package dev.stowage.lifecycle.steps;

import dev.stowage.columns.IntSet;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.Arrivals;
import dev.stowage.lifecycle.state.InventoryParts;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Consumes reports, judges silence and raises the watermark of a cycle (section 2). */
final class ReportConsumer {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final List<WorkerId> waiting;
  private boolean isContentChanged;
  private final Arrivals arrivals;
  private int found;
  private List<WorkerId> guarded = List.of();

  ReportConsumer(Journal journal, long tick, List<WorkerId> waiting) {
    this.journal = journal;
    this.tick = tick;
    this.waiting = waiting;
    tables = journal.tables;
    arrivals = new Arrivals(tables);
  }

  void consumeReports() {
    consume(false);
  }

  void consumeAll() {
    consume(true);
  }

  boolean isContentChanged() {
    return isContentChanged;
  }

  int found() {
    return found;
  }

  List<WorkerId> guarded() {
    return guarded;
  }

  private void consume(boolean withInventories) {
    for (int position : tables.workers.inOrder(journal.drain(tables.work.reporting))) {
      WorkerRow entry = tables.workers.entry(position);
      if (entry.heard() || entry.isNotTold() || !entry.pending().isEmpty()) {
        hear(entry, withInventories);
      }
      if (!tables.workers.entry(position).pending().isEmpty()) {
        tables.work.reporting.add(position);
      }
    }
    guarded = new Silence(journal, tick, withInventories, waiting).judge();
    arrivals.keep(tick);
    raiseWatermark();
  }

  private void hear(WorkerRow known, boolean withInventories) {
    int position = known.position();
    if (known.heard() && known.absence() != null && !known.isDeparted()) {
      journal.worker(position, WorkerRow::back);
      journal.touchAllOn(position);
    }
    List<PendingReport> left = takeIn(position, known.pending(), withInventories);
    journal.marks(
        position,
        it -> {
          WorkerRow.pressed(it, known.pressure().toldAt(tick))
              .with(WorkerRow.HEARD, false)
              .with(WorkerRow.PENDING, left);
          // The clock of the reporter is not trusted: the worker is heard of now.
          return known.isNotTold() ? it.with(WorkerRow.LAST_SEEN_TICK, tick) : it;
        });
    arrivals.settle();
  }

  private List<PendingReport> takeIn(
      int position, List<PendingReport> pending, boolean withInventories) {
    long complete = withInventories ? InventoryParts.complete(pending) : InventoryParts.NONE;
    int last = InventoryParts.lastOf(pending, complete);
    List<PendingReport> kept = new ArrayList<>();
    for (int at = 0; at < pending.size(); at++) {
      PendingReport report = pending.get(at);
      boolean waits =
          report.isPart()
              ? report.number() != complete
              : report.kind() == PendingReport.Kind.INVENTORY && !withInventories;
      switch (report.kind()) {
        case APPLIED -> applied(position, report);
        case LOST -> lost(position, report);
        case INVENTORY -> {
          if (!waits) {
            inventory(position, report.number(), report.chunks());
          }
        }
        case PART -> {
          if (at == last) {
            inventory(position, complete, InventoryParts.all(pending, complete));
          }
        }
      }
      if (waits) {
        kept.add(report);
      } else if (!kept.isEmpty()) {
        // A loss reported after the inventory counts now, and again after the inventory.
        boolean mayGrow = at == pending.size() - 1;
        Optional<PendingReport> counts =
            mayGrow ? InventoryParts.against(kept, report) : Optional.of(report);
        counts.ifPresent(kept::add);
      }
    }
    return List.copyOf(kept);
  }

  private void applied(int position, PendingReport report) {
    WorkerRow known = tables.workers.entry(position);
    boolean catchesUp = !known.caughtUp() && report.assignment() >= tables.fleet.watermark();
    if (report.assignment() != known.lastApplied() || !known.caughtUp()) {
      journal.worker(
          position,
          it ->
              it.with(WorkerRow.LAST_APPLIED, report.assignment())
                  .with(WorkerRow.CAUGHT_UP, known.caughtUp() || catchesUp));
    }
    if (catchesUp) {
      // From now on the watermark confirms for the worker, which may be less than its own report.
      journal.touchAllOn(position);
    }
    if (!tables.workers.isSorted(position)) {
      tables.replicas.sortBySince(position, tables.workers);
    }
    takeIn(position, known.lastApplied(), positions(report.chunks()));
  }

  private void takeIn(int position, long before, IntSet missing) {
    ReplicaTable replicas = tables.replicas;
    boolean isWhole = tables.workers.mayMiss(position) || !missing.isEmpty();
    boolean misses = false;
    boolean gains = false;
    for (int slot = tables.workers.firstReplica(position);
        slot != ReplicaTable.NONE && (isWhole || replicas.since(slot) > before);
        slot = replicas.nextOfWorker(slot)) {
      boolean isMissing = missing.contains(replicas.chunk(slot));
      boolean wasThere = replicas.since(slot) <= before && !replicas.isMissing(slot);
      if (!wasThere || isMissing) {
        arrivals.note(slot, wasThere);
      }
      setMissing(slot, isMissing);
      misses |= isMissing;
      gains |= !wasThere && !isMissing;
      if (replicas.since(slot) > before) {
        tables.touch(replicas.chunk(slot));
      }
      notePossession(slot);
    }
    tables.workers.missing(position, misses);
    if (gains && misses) {
      // What the worker misses no longer counts as stalled.
      for (int i = 0; i < missing.size(); i++) {
        tables.work.unfed.add(missing.member(i));
      }
    }
  }

  private void lost(int position, PendingReport report) {
    for (ChunkNumber number : report.chunks()) {
      int chunk = tables.chunks.find(number);
      int slot =
          chunk < 0 ? ReplicaTable.NONE : tables.replicas.find(chunk, position, tables.chunks);
      if (slot != ReplicaTable.NONE && tables.rules.possessed(slot)) {
        arrivals.note(slot, true);
        setMissing(slot, true);
      }
    }
  }

  private void inventory(int position, long number, List<ChunkNumber> chunks) {
    WorkerRow known = tables.workers.entry(position);
    long applied = Math.max(known.lastApplied(), 0);
    long keepUntil =
        SaturatedSum.of(
            tables.fleet.present().beganTick(), tables.fleet.config().orphanAfterTicks());
    List<ChunkNumber> orphans = tick < keepUntil ? unknown(chunks) : List.of();
    journal.worker(
        position,
        it -> {
          it.with(WorkerRow.OWES_INVENTORY, false)
              .with(WorkerRow.INVENTORY_REPORT, number)
              .with(WorkerRow.LAST_APPLIED, applied)
              .with(WorkerRow.ORPHANS, orphans);
          return known.isDeparted() ? WorkerRow.back(it).with(WorkerRow.CAUGHT_UP, false) : it;
        });
    journal.touchAllOn(position);
    IntSet onDisk = positions(chunks);
    ReplicaTable replicas = tables.replicas;
    for (int slot = tables.workers.firstReplica(position);
        slot != ReplicaTable.NONE;
        slot = replicas.nextOfWorker(slot)) {
      boolean isThere = onDisk.contains(replicas.chunk(slot));
      if (!isThere && tables.rules.possessed(slot)) {
        arrivals.note(slot, true);
      }
      setMissing(slot, !isThere);
      if (isThere && replicas.since(slot) > applied) {
        journal.since(slot, applied);
        isContentChanged = true;
      }
      notePossession(slot);
    }
    for (int at = 0; at < onDisk.size(); at++) {
      int chunk = onDisk.member(at);
      if (tables.chunks.isLive(chunk)
          && replicas.find(chunk, position, tables.chunks) == ReplicaTable.NONE) {
        find(chunk, position, applied);
      }
    }
    tables.work.orphaned.add(position);
  }

  private void find(int chunk, int position, long since) {
    int slot = journal.addReplica(chunk, position, since);
    tables.replicas.origin(slot, Origin.FOUND);
    long consuming = tables.fleet.workerAssignment() + 1;
    tables.replicas.superseded(slot, consuming);
    if (!tables.chunks.isEstablished(chunk)) {
      journal.establish(chunk, consuming);
    }
    tables.work.restless.add(chunk);
    notePossession(slot);
    found++;
  }

  private List<ChunkNumber> unknown(List<ChunkNumber> numbers) {
    if (!(numbers instanceof ChunkNumbers many)) {
      return numbers.stream().filter(number -> tables.chunks.find(number) < 0).toList();
    }
    ChunkNumbers.Builder unknown = new ChunkNumbers.Builder();
    many.forEachRun((lineage, first, length) -> {
      for (int at = 0; at < length; at++) {
        if (tables.chunks.find(lineage, first + at) < 0) {
          unknown.add(lineage, first + at, 1);
        }
      }
    });
    return unknown.build();
  }

  private void raiseWatermark() {
    ConfirmationPolicy policy = tables.fleet.config().confirmation();
    if (policy.isPerWorker()) {
      tables.work.unconfirmed.clear();
      return;
    }
    long candidate = candidate(policy.quorumPercent());
    if (candidate <= tables.fleet.watermark()) {
      return;
    }
    journal.fleet(it -> it.with(FleetRow.WATERMARK, candidate));
    for (int chunk : journal.drain(tables.work.unconfirmed)) {
      tables.reindex(chunk);
    }
    for (int chunk : tables.work.wakeAll()) {
      tables.touch(chunk);
    }
  }

  private long candidate(int percent) {
    if (percent == 0) {
      return tables.fleet.workerAssignment();
    }
    long[] applied = new long[tables.workers.count()];
    int counted = 0;
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        applied[counted++] = entry.lastApplied();
      }
    }
    if (counted == 0) {
      return tables.fleet.watermark();
    }
    Arrays.sort(applied, 0, counted);
    int quorum = (int) Math.max(1, ((long) counted * percent + 99) / 100);
    return applied[counted - quorum];
  }

  private void setMissing(int slot, boolean missing) {
    if (tables.replicas.isMissing(slot) != missing) {
      journal.touch(slot);
      tables.replicas.missingSince(slot, missing ? tick : -1);
      if (missing) {
        tables.work.missing.add(tables.replicas.chunk(slot));
        tables.workers.missing(tables.replicas.worker(slot), true);
      }
    }
  }

  private void notePossession(int slot) {
    if (!tables.rules.possessed(slot)) {
      return;
    }
    int chunk = tables.replicas.chunk(slot);
    if (!tables.chunks.isOncePossessed(chunk)) {
      journal.oncePossessed(chunk);
    }
    if (tables.replicas.isDiskGone(slot)) {
      // Downloaded again before it was deleted: a replica like any other.
      journal.touch(slot);
      tables.replicas.flags(slot, tables.replicas.flags(slot) & ~ReplicaTable.DISK_GONE);
    }
  }

  private IntSet positions(List<ChunkNumber> numbers) {
    IntSet positions = new IntSet();
    if (numbers instanceof ChunkNumbers many) {
      many.forEachRun((lineage, first, length) -> {
        for (int at = 0; at < length; at++) {
          add(positions, tables.chunks.find(lineage, first + at));
        }
      });
    } else {
      numbers.forEach(number -> add(positions, tables.chunks.find(number)));
    }
    return positions;
  }

  private static void add(IntSet positions, int chunk) {
    if (chunk >= 0) {
      positions.add(chunk);
    }
  }
}
