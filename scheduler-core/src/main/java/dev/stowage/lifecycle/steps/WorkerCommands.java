package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.InventoryParts;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PurgedLives;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Optional;

/** Describes and registers workers and sets their status (sections 1 and 2). */
public final class WorkerCommands {
  /** A worker numbers fewer than 2^32 reports between two registrations. */
  private static final int NUMBER_BITS = 32;

  private final Tables tables;
  private final Journal journal;
  private final long tick;

  public WorkerCommands(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
  }

  public Result.Answer describe(Command.Describe said) {
    int position = tables.workers.find(said.worker());
    Worker described =
        position < 0
            ? new Worker(said.worker(), said.description(), WorkerStatus.ACTIVE)
            : tables.workers.entry(position).description.described(said.description());
    if (position < 0) {
      WorkerEntry entry = new WorkerEntry(tables.workers.nextPosition(), described);
      entry.lastSeen = tick;
      journal.insertWorker(entry);
    } else if (!tables.workers.entry(position).description.equals(described)) {
      journal.worker(position).describe(described);
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  public Result.Answer setStatus(WorkerId id, WorkerStatus status) {
    int position = tables.workers.find(id);
    if (position < 0) {
      return Result.Answer.of(ResultCode.UNKNOWN_WORKER);
    }
    WorkerEntry known = tables.workers.entry(position);
    boolean isAbsence = status == WorkerStatus.SUSPECT || status == WorkerStatus.DEPARTED;
    WorkerStatus absence = absenceOf(known, status);
    if (!isAbsence && known.description.status() != status) {
      WorkerEntry entry = journal.worker(position);
      entry.description = entry.description.withStatus(status).withReplacement(Optional.empty());
      journal.touchAllOn(position);
    } else if (isAbsence && known.absence != absence && !known.isDeparted()) {
      absent(journal, position, absence, tick);
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  public Result.Registered register(WorkerId id, String diskId) {
    int position = tables.workers.find(id);
    Lineage lineage = tables.fleet.lineage();
    if (position < 0) {
      return new Result.Registered(
          ResultCode.UNKNOWN_WORKER, Incarnation.of(0), lineage, 0, false, List.of());
    }
    WorkerEntry known = tables.workers.entry(position);
    boolean isSameDisk = known.isRegistered() && diskId.equals(known.diskId);
    boolean isPlainRestart = isSameDisk && known.absence == null && !known.isAway();
    WorkerEntry entry = isPlainRestart ? journal.marks(position) : journal.worker(position);
    if (isSameDisk) {
      forgetWhatIsOnTheWay(entry);
    } else {
      newLife(position, entry, diskId);
    }
    entry.heardNow();
    entry.pressure = ObservedPressure.NONE;
    entry.departure = WorkerRow.Departure.NONE;
    tables.work.reporting.add(position);
    if (entry.isDeparted()) {
      entry.owesInventory = true;
      entry.caughtUp = false;
    }
    if (entry.absence != null || entry.isAway()) {
      entry.beBack();
      journal.touchAllOn(position);
    }
    return new Result.Registered(
        ResultCode.ACCEPTED,
        Incarnation.of(entry.incarnation),
        lineage,
        entry.lastReport,
        entry.owesInventory,
        List.of());
  }

  /** Returns the absence of a worker that is silent ({@code SUSPECT}) or gone. */
  static WorkerStatus absenceOf(WorkerEntry worker, WorkerStatus told) {
    return told == WorkerStatus.SUSPECT && worker.isAway() ? WorkerStatus.AWAY : told;
  }

  static void absent(Journal journal, int position, WorkerStatus absence, long tick) {
    WorkerEntry entry = journal.worker(position);
    entry.absence = absence;
    entry.absentSince = tick;
    if (absence == WorkerStatus.DEPARTED) {
      entry.awayUntil = 0;
      entry.leastCopies = 0;
      Optional<WorkerId> gone = Optional.of(entry.description.id());
      Replacement.end(journal, it -> it == entry || it.description.replacedBy().equals(gone));
    }
    // Only later signs of life end the absence.
    entry.heard = false;
    entry.departure = WorkerRow.Departure.NONE;
    if (absence == WorkerStatus.DEPARTED) {
      // A worker may come back without the disk contents that it reported.
      entry.pending =
          entry.pending.stream()
              .filter(report -> report.kind() != PendingReport.Kind.INVENTORY && !report.isPart())
              .toList();
    }
    journal.touchAllOn(position);
  }

  /** Skips beyond all numbers of the former process, whose late reports are refused. */
  private static void forgetWhatIsOnTheWay(WorkerEntry entry) {
    long next = ((entry.lastReport >>> NUMBER_BITS) + 1) << NUMBER_BITS;
    entry.lastReport = Math.max(entry.lastReport, next);
    entry.pending = InventoryParts.withoutOpen(entry.pending);
  }

  private void newLife(int position, WorkerEntry entry, String diskId) {
    boolean isUnknownToLineage = !entry.isRegistered() && tables.fleet.lineageOrdinal() > 0;
    entry.incarnation =
        Math.max(entry.incarnation, PurgedLives.oldest(tables.fleet, entry) - 1) + 1;
    entry.diskId = diskId;
    entry.lastApplied = WorkerEntry.NOTHING_APPLIED;
    entry.caughtUp = false;
    entry.owesInventory |= isUnknownToLineage;
    entry.inventoryReport = 0;
    entry.orphans = List.of();
    entry.lastReport = 0;
    entry.heard = false;
    entry.pending = List.of();
    journal.touchAllOn(position);
    ReplicaTable replicas = tables.replicas;
    for (int slot = entry.firstReplica;
        slot != ReplicaTable.NONE;
        slot = replicas.nextOfWorker(slot)) {
      journal.touch(slot);
      if (replicas.isNamed(slot)) {
        journal.nameGone(replicas.chunk(slot), entry.description.id());
      }
      replicas.newDisk(slot);
      replicas.readableUntil(slot, 0);
      replicas.missingSince(slot, -1);
    }
  }
}
