package dev.stowage.lifecycle.steps;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Unit;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bonds a worker that is to leave to the one that takes its copies over ({@link Command.Replace}).
 * The bond, {@link Worker#replacedBy}, ends with the last copy, when one of the two departs, and
 * when the worker has another status.
 */
public final class Replacement {
  private final Tables tables;
  private final Journal journal;

  public Replacement(Journal journal) {
    this.journal = journal;
    tables = journal.tables;
  }

  public Result.Answer begin(Command.Replace said) {
    for (WorkerId id : List.of(said.worker(), said.by())) {
      if (tables.workers.find(id) < 0) {
        return new Result.Answer(ResultCode.UNKNOWN_WORKER, List.of("no worker is called " + id));
      }
    }
    WorkerRow old = tables.workers.entry(tables.workers.find(said.worker()));
    String wrong = violation(said, old, tables.workers.entry(tables.workers.find(said.by())));
    if (wrong != null) {
      return new Result.Answer(ResultCode.INVALID, List.of(wrong));
    }
    Worker bonded =
        old.description().withStatus(WorkerStatus.LEAVING).withReplacement(Optional.of(said.by()));
    if (!bonded.equals(old.description())) {
      bond(journal, old, bonded);
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  private @Nullable String violation(Command.Replace said, WorkerRow old, WorkerRow by) {
    if (old.position() == by.position()) {
      return said.worker() + " cannot replace itself";
    }
    if (old.isDeparted() || !by.isPlaceable()) {
      return old.isDeparted()
          ? said.worker() + " has departed"
          : said.by() + " takes nothing new: it is not active, or has not registered";
    }
    long room = by.description().capacityBytes() - bytes(by, tables.rules::possessed);
    long moving = bytes(old, tables.replicas::isAssigned);
    return said.isPartly() || moving <= room
        ? null
        : Unit.bytesAtLeast(moving)
            + " must move, "
            + Unit.bytesAtLeast(moving - Math.max(0, room))
            + " more than "
            + said.by()
            + " has room for; partly lets the rest go elsewhere";
  }

  private long bytes(WorkerRow of, IntPredicate isCounted) {
    long sum = 0;
    for (int slot = tables.workers.firstReplica(of.position());
        slot != ReplicaTable.NONE;
        slot = tables.replicas.nextOfWorker(slot)) {
      long size = tables.chunks.facts.sizeBytes(tables.replicas.chunk(slot));
      sum = isCounted.test(slot) ? SaturatedSum.of(sum, size) : sum;
    }
    return sum;
  }

  /** Ends the bonds of workers. */
  static void end(Journal journal, Predicate<WorkerRow> isOver) {
    for (int position : journal.tables.workers.order()) {
      WorkerRow entry = journal.tables.workers.entry(position);
      if (entry.description().replacedBy().isPresent() && isOver.test(entry)) {
        bond(journal, entry, entry.description().withReplacement(Optional.empty()));
      }
    }
  }

  private static void bond(Journal journal, WorkerRow entry, Worker as) {
    journal.worker(entry.position(), it -> it.with(WorkerRow.DESCRIPTION, as));
    journal.touchAllOn(entry.position());
  }
}
