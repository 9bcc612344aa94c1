package dev.stowage.lifecycle.steps;

import dev.stowage.columns.IntSet;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.ConfirmationPolicy;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The beginning of every cycle: takes in what workers reported, judges silence, and raises the
 * watermark (section 2).
 */
final class Intake {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private boolean isContentChanged;
  private int found;

  Intake(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
  }

  /** For a visibility cycle: all but inventories. */
  void consumeReports() {
    consume(false);
  }

  /** For a scheduling cycle. */
  void consumeAll() {
    consume(true);
  }

  /** Whether what the worker assignment says has changed, but for replicas that were found. */
  boolean isContentChanged() {
    return isContentChanged;
  }

  /** How many replicas inventories found that the books did not name. */
  int found() {
    return found;
  }

  private void consume(boolean withInventories) {
    for (int position : tables.workers.inOrder(journal.drain(tables.work.reporting))) {
      WorkerEntry entry = tables.workers.entry(position);
      if (entry.heard || !entry.pending.isEmpty()) {
        hear(position, entry, withInventories);
      }
      if (!entry.pending.isEmpty()) {
        tables.work.reporting.add(position);
      }
    }
    judgeSilence();
    raiseWatermark();
  }

  private void hear(int position, WorkerEntry entry, boolean withInventories) {
    boolean isHeard = entry.heard;
    journal.marks(position).heard = false;
    if (isHeard && entry.absence == WorkerStatus.SUSPECT) {
      journal.worker(position).absence = null;
      entry.absentSince = 0;
      journal.touchAllOn(position);
    }
    List<PendingReport> kept = new ArrayList<>();
    boolean isHeld = false;
    for (PendingReport report : entry.pending) {
      boolean isInventory = report.kind() == PendingReport.Kind.INVENTORY;
      if (isInventory && !withInventories) {
        isHeld = true;
      }
      switch (report.kind()) {
        case APPLIED -> applied(position, entry, report);
        case LOST -> lost(position, report);
        case INVENTORY -> {
          if (withInventories) {
            inventory(position, entry, report);
          }
        }
      }
      if (isHeld) {
        // A loss reported after the inventory counts now, and again after the inventory has.
        kept.add(report);
      }
    }
    entry.pending = List.copyOf(kept);
  }

  private void applied(int position, WorkerEntry entry, PendingReport report) {
    long before = entry.lastApplied;
    if (report.assignment() != before || !entry.caughtUp) {
      WorkerEntry changed = journal.worker(position);
      changed.lastApplied = report.assignment();
      if (!changed.caughtUp && report.assignment() >= tables.fleet.watermark) {
        changed.caughtUp = true;
        // From here on the watermark confirms for it, which may be less than its own word did.
        journal.touchAllOn(position);
      }
    }
    if (!entry.isSorted) {
      tables.replicas.sortBySince(entry);
    }
    takeIn(entry, before, positions(report.chunks()));
  }

  /** Visits what the report newly covers; all of the worker's, where something may be missing. */
  private void takeIn(WorkerEntry entry, long before, IntSet missing) {
    ReplicaTable replicas = tables.replicas;
    boolean isWhole = entry.mayMiss || !missing.isEmpty();
    boolean misses = false;
    for (int slot = entry.firstReplica;
        slot != ReplicaTable.NONE && (isWhole || replicas.since(slot) > before);
        slot = replicas.nextOfWorker(slot)) {
      boolean isMissing = missing.contains(replicas.chunk(slot));
      setMissing(slot, isMissing);
      misses |= isMissing;
      if (replicas.since(slot) > before) {
        tables.touch(replicas.chunk(slot));
      }
      notePossession(slot);
    }
    entry.mayMiss = misses;
  }

  private void lost(int position, PendingReport report) {
    for (ChunkNumber number : report.chunks()) {
      int chunk = tables.chunks.find(number);
      int slot =
          chunk < 0 ? ReplicaTable.NONE : tables.replicas.find(chunk, position, tables.chunks);
      if (slot != ReplicaTable.NONE && tables.rules.possessed(slot)) {
        setMissing(slot, true);
      }
    }
  }

  private void inventory(int position, WorkerEntry known, PendingReport report) {
    WorkerEntry entry = journal.worker(position);
    if (known.isDeparted()) {
      entry.absence = null;
      entry.absentSince = 0;
      entry.caughtUp = false;
    }
    entry.owesInventory = false;
    entry.inventoryReport = report.number();
    entry.lastApplied = Math.max(entry.lastApplied, 0);
    journal.touchAllOn(position);
    IntSet onDisk = positions(report.chunks());
    ReplicaTable replicas = tables.replicas;
    for (int slot = entry.firstReplica;
        slot != ReplicaTable.NONE;
        slot = replicas.nextOfWorker(slot)) {
      boolean isThere = onDisk.contains(replicas.chunk(slot));
      setMissing(slot, !isThere);
      if (isThere && replicas.since(slot) > entry.lastApplied) {
        journal.touch(slot);
        replicas.since(slot, entry.lastApplied);
        entry.isSorted = false;
        isContentChanged = true;
        tables.work.pairs.add(replicas.chunk(slot), position);
      }
      notePossession(slot);
    }
    List<ChunkNumber> orphans = new ArrayList<>();
    for (ChunkNumber number : report.chunks()) {
      int chunk = tables.chunks.find(number);
      if (chunk < 0) {
        orphans.add(number);
      } else if (tables.chunks.isLive(chunk)
          && replicas.find(chunk, position, tables.chunks) == ReplicaTable.NONE) {
        int slot = journal.addReplica(chunk, position, entry.lastApplied);
        long consuming = tables.fleet.workerAssignment + 1;
        replicas.superseded(slot, consuming);
        if (!tables.chunks.isEstablished(chunk)) {
          journal.establish(chunk, consuming);
        }
        tables.work.restless.add(chunk);
        notePossession(slot);
        found++;
      }
    }
    long keepUntil =
        SaturatedSum.of(tables.fleet.present().beganTick(), tables.fleet.config.orphanAfterTicks());
    entry.orphans = tick < keepUntil ? List.copyOf(orphans) : List.of();
    tables.work.orphaned.add(position);
  }

  /** Signs of life only put the next tick off that matters, so it need not be known exactly. */
  private void judgeSilence() {
    if (tick < tables.nextSilence) {
      return;
    }
    long next = Long.MAX_VALUE;
    for (int position : tables.workers.order()) {
      next = Math.min(next, judgeSilence(position, tables.workers.entry(position)));
    }
    tables.nextSilence = next;
  }

  /** The first tick at which the worker's silence means something more. */
  private long judgeSilence(int position, WorkerEntry entry) {
    if (!entry.isRegistered() || entry.isDeparted()) {
      return Long.MAX_VALUE;
    }
    long silence = tick - entry.lastSeen;
    LifecycleConfig config = tables.fleet.config;
    if (silence >= config.departAfterTicks()) {
      WorkerCommands.absent(journal, position, WorkerStatus.DEPARTED, tick);
      return Long.MAX_VALUE;
    }
    if (silence >= config.suspectAfterTicks() && entry.absence == null) {
      WorkerCommands.absent(journal, position, WorkerStatus.SUSPECT, tick);
    }
    long patience = config.departAfterTicks();
    if (entry.absence == null) {
      patience = Math.min(patience, config.suspectAfterTicks());
    }
    return SaturatedSum.of(entry.lastSeen, patience);
  }

  private void raiseWatermark() {
    ConfirmationPolicy policy = tables.fleet.config.confirmation();
    if (policy.isPerWorker()) {
      tables.work.unconfirmed.clear();
      return;
    }
    long candidate = candidate(policy.quorumPercent());
    if (candidate <= tables.fleet.watermark) {
      return;
    }
    journal.fleet().watermark = candidate;
    for (int chunk : journal.drain(tables.work.unconfirmed)) {
      tables.reindex(chunk);
    }
    for (int chunk : tables.work.restless.toArray()) {
      tables.touch(chunk);
    }
  }

  private long candidate(int percent) {
    if (percent == 0) {
      return tables.fleet.workerAssignment;
    }
    long[] applied = new long[tables.workers.count()];
    int counted = 0;
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        applied[counted++] = entry.lastApplied;
      }
    }
    if (counted == 0) {
      return tables.fleet.watermark;
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
        tables.workers.entry(tables.replicas.worker(slot)).mayMiss = true;
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
      // Downloaded again before it was deleted: it is worth as much as any other.
      journal.touch(slot);
      tables.replicas.flags(slot, tables.replicas.flags(slot) & ~ReplicaTable.DISK_GONE);
    }
  }

  private IntSet positions(List<ChunkNumber> numbers) {
    IntSet positions = new IntSet();
    for (ChunkNumber number : numbers) {
      int chunk = tables.chunks.find(number);
      if (chunk >= 0) {
        positions.add(chunk);
      }
    }
    return positions;
  }
}
