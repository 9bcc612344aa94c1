package dev.stowage.placement;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.Reason;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The actions of a plan as a list of moves, and what they do to each worker. Immutable.
 *
 * @param moves by chunk and worker, both in canonical order
 * @param workers in canonical order
 * @param cycles the cycles that all growth, moves and raises take by the budgets, this one among
 *     them; empty without a budget
 * @param laterBytes the bytes that budgets leave to later cycles
 */
public record PlanChanges(
    List<Move> moves, List<Share> workers, Optional<Cycles> cycles, long laterBytes) {
  /**
   * One action, or an addition with the supersession that waits for it.
   *
   * @param kind the action; for two, the addition's
   * @param from the worker that gives the replica up, if any
   * @param to the worker that gets it, if any
   * @param sizeBytes the size of the chunk
   */
  public record Move(
      ActionKind kind,
      ChunkKey chunk,
      Optional<WorkerId> from,
      Optional<WorkerId> to,
      long sizeBytes,
      Cause cause,
      Reason reason) {
    /** Returns the bytes that the move copies. */
    public long copiedBytes() {
      return kind == ActionKind.ADD ? sizeBytes : 0;
    }
  }

  /**
   * Sums up what a plan does to a worker, in bytes of wanted replicas; sums are at most {@code
   * Long.MAX_VALUE}.
   *
   * @param domain its zone, or its own id
   * @param beforeBytes what it was to hold before the plan
   * @param afterBytes what it is to hold once all is carried out and every drain is over
   * @param inBytes the bytes copied to it
   * @param outBytes what it gives up
   * @param levelBytes its water level; empty for a worker without one
   */
  public record Share(
      WorkerId worker,
      String domain,
      long capacityBytes,
      long beforeBytes,
      long afterBytes,
      long inBytes,
      long outBytes,
      OptionalLong levelBytes) {}

  /** No changes of no workers. */
  public static final PlanChanges NONE = new PlanChanges(List.of(), List.of(), Optional.empty(), 0);

  /** A range of cycles, both ends included. */
  public record Cycles(long least, long most) {
    /** No cycles. */
    public static final Cycles NONE = new Cycles(0, 0);

    // At most the bound goes in a cycle, and less by the largest that did not fit any more. What is
    // larger than the bound goes alone.
    private static Cycles of(long amount, long bound, long largest) {
      if (amount == 0 || bound == Long.MAX_VALUE) {
        return NONE;
      }
      if (bound == 0) {
        return new Cycles(Long.MAX_VALUE, Long.MAX_VALUE);
      }
      long sure = Math.max(bound - Math.min(bound, largest), bound / 2 + bound % 2);
      return new Cycles(
          ceil(amount, Math.max(bound, largest)), ceil(amount, Math.max(sure, largest)));
    }

    /**
     * Returns the cycles of a budget that let some moves go, which may be few because chunks do not
     * fill it; {@link #NONE} without a bound, {@link Long#MAX_VALUE} if a bound is 0.
     *
     * @param moved the bytes of all moves
     * @param copies the number of moves
     * @param mostOut the most bytes that leave one worker
     * @param largest the size of the largest chunk
     */
    public static Cycles under(
        MovementBudget budget, long moved, long copies, long mostOut, long largest) {
      Cycles all = of(moved, budget.bytes(), largest);
      Cycles counted = of(copies, budget.replicas(), 1);
      return all.orLonger(counted).orLonger(of(mostOut, budget.workerOutBytes(), largest));
    }

    private Cycles orLonger(Cycles other) {
      return new Cycles(Math.max(least, other.least), Math.max(most, other.most));
    }

    /** Returns the sum of both. */
    public Cycles and(Cycles other) {
      return new Cycles(SaturatedSum.of(least, other.least), SaturatedSum.of(most, other.most));
    }
  }

  /** Returns these changes and bytes that some more cycles are left to copy. */
  public PlanChanges later(long bytes, Cycles more) {
    return bytes == 0
        ? this
        : new PlanChanges(
            moves,
            workers,
            Optional.of(cycles.orElse(new Cycles(1, 1)).and(more)),
            SaturatedSum.of(laterBytes, bytes));
  }

  /** Copies the lists. */
  public PlanChanges {
    moves = List.copyOf(moves);
    workers = List.copyOf(workers);
  }

  private static long ceil(long bytes, long perCycle) {
    return bytes / perCycle + (bytes % perCycle > 0 ? 1 : 0);
  }

  /** The change that an action makes to one replica. */
  public enum ActionKind {
    /** A pair that is not held becomes wanted; its worker downloads the chunk. */
    ADD,
    /** A superseded or draining replica becomes wanted again, which costs nothing. */
    READOPT,
    /** An assigned replica stops being wanted and goes through release and drain. */
    SUPERSEDE,
    /** A replica is deleted in this cycle to make room for a starved floor. */
    PREEMPT
  }
}
