package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.Departure;
import dev.stowage.lifecycle.state.InventoryParts;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.PurgedLives;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
            : tables.workers.entry(position).description().described(said.description());
    if (position < 0) {
      journal.insertWorker(WorkerRow.described(tables.workers.nextPosition(), described, tick));
    } else if (!tables.workers.entry(position).description().equals(described)) {
      String told = tables.workers.entry(position).zoneInRoutes();
      // Routes tell the former zone until a visibility cycle tells the new one.
      journal.worker(
          position,
          it ->
              it.with(WorkerRow.DESCRIPTION, described)
                  .with(WorkerRow.TOLD_ZONE, told.equals(described.path()) ? null : told));
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  public Result.Answer setStatus(WorkerId id, WorkerStatus status) {
    int position = tables.workers.find(id);
    if (position < 0) {
      return Result.Answer.of(ResultCode.UNKNOWN_WORKER);
    }
    WorkerRow known = tables.workers.entry(position);
    boolean isAbsence = status == WorkerStatus.SUSPECT || status == WorkerStatus.DEPARTED;
    WorkerStatus absence = absenceOf(known, status);
    if (!isAbsence && known.description().status() != status) {
      Worker told = known.description().withStatus(status).withReplacement(Optional.empty());
      journal.worker(position, it -> it.with(WorkerRow.DESCRIPTION, told));
      journal.touchAllOn(position);
    } else if (isAbsence && known.absence() != absence && !known.isDeparted()) {
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
    WorkerRow known = tables.workers.entry(position);
    boolean isSameDisk = known.isRegistered() && diskId.equals(known.diskId());
    boolean isBack = known.absence() != null || known.isAway();
    UnaryOperator<Shape.Draft<WorkerRow>> change =
        it -> registered(known, isSameDisk ? restarted(known, it) : newLife(known, diskId, it));
    WorkerRow row =
        isSameDisk && !isBack ? journal.marks(position, change) : journal.worker(position, change);
    tables.work.reporting.add(position);
    if (!isSameDisk) {
      forgetDisk(row);
    } else if (isBack) {
      journal.touchAllOn(position);
    }
    return new Result.Registered(
        ResultCode.ACCEPTED,
        row.incarnation(),
        lineage,
        row.lastReport(),
        row.owesInventory(),
        List.of());
  }

  /** Returns the absence of a worker that is silent ({@code SUSPECT}) or gone. */
  static WorkerStatus absenceOf(WorkerRow worker, WorkerStatus told) {
    return told == WorkerStatus.SUSPECT && worker.isAway() ? WorkerStatus.AWAY : told;
  }

  static void absent(Journal journal, int position, WorkerStatus absence, long tick) {
    WorkerRow known = journal.tables.workers.entry(position);
    boolean isGone = absence == WorkerStatus.DEPARTED;
    journal.worker(
        position,
        it -> {
          it.with(WorkerRow.ABSENCE, absence).with(WorkerRow.ABSENT_SINCE, tick);
          // Only later signs of life end the absence.
          it.with(WorkerRow.HEARD, false).with(WorkerRow.DEPARTURE, Departure.NONE);
          return isGone
              ? it.with(WorkerRow.AWAY_UNTIL, 0)
                  .with(WorkerRow.LEAST_COPIES, 0)
                  .with(WorkerRow.PENDING, PendingReports.withoutDisks(known.pending()))
              : it;
        });
    if (isGone) {
      Optional<WorkerId> gone = Optional.of(known.id());
      Replacement.end(
          journal, it -> it.position() == position || it.description().replacedBy().equals(gone));
    }
    journal.touchAllOn(position);
  }

  private static Shape.Draft<WorkerRow> registered(WorkerRow known, Shape.Draft<WorkerRow> it) {
    it.with(WorkerRow.HEARD, true).with(WorkerRow.LAST_SEEN_TICK, WorkerRow.NOT_TOLD);
    WorkerRow.pressed(it, ObservedPressure.NONE).with(WorkerRow.DEPARTURE, Departure.NONE);
    if (known.isDeparted()) {
      it.with(WorkerRow.OWES_INVENTORY, true).with(WorkerRow.CAUGHT_UP, false);
    }
    return known.absence() != null || known.isAway() ? WorkerRow.back(it) : it;
  }

  /** Skips beyond all numbers of the former process, whose late reports are refused. */
  private static Shape.Draft<WorkerRow> restarted(WorkerRow known, Shape.Draft<WorkerRow> it) {
    long next = ((known.lastReport() >>> NUMBER_BITS) + 1) << NUMBER_BITS;
    return it.with(WorkerRow.LAST_REPORT, Math.max(known.lastReport(), next))
        .with(WorkerRow.PENDING, InventoryParts.withoutOpen(known.pending()));
  }

  private Shape.Draft<WorkerRow> newLife(
      WorkerRow known, String diskId, Shape.Draft<WorkerRow> it) {
    boolean isUnknownToLineage = !known.isRegistered() && tables.fleet.lineages().size() > 1;
    long former =
        Math.max(known.incarnation().value(), PurgedLives.oldest(tables.fleet, known) - 1);
    return it.with(WorkerRow.INCARNATION, Incarnation.of(former + 1))
        .with(WorkerRow.DISK_ID, diskId)
        .with(WorkerRow.LAST_APPLIED, WorkerRow.NOTHING_APPLIED)
        .with(WorkerRow.CAUGHT_UP, false)
        .with(WorkerRow.OWES_INVENTORY, known.owesInventory() || isUnknownToLineage)
        .with(WorkerRow.INVENTORY_REPORT, 0)
        .with(WorkerRow.ORPHANS, List.of())
        .with(WorkerRow.LAST_REPORT, 0)
        .with(WorkerRow.PENDING, List.of());
  }

  private void forgetDisk(WorkerRow worker) {
    journal.touchAllOn(worker.position());
    ReplicaTable replicas = tables.replicas;
    for (int slot = tables.workers.firstReplica(worker.position());
        slot != ReplicaTable.NONE;
        slot = replicas.nextOfWorker(slot)) {
      journal.touch(slot);
      if (replicas.isNamed(slot)) {
        journal.nameGone(replicas.chunk(slot), worker.id());
      }
      replicas.newDisk(slot);
      replicas.readableUntil(slot, 0);
      replicas.missingSince(slot, -1);
    }
  }
}
