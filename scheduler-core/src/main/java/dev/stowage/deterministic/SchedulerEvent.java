package dev.stowage.deterministic;

import dev.stowage.columns.Utf8Order;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Objects;
import java.util.OptionalInt;

/** A record of a scheduler's log: a call of the host, or an outcome that follows from the calls. */
public sealed interface SchedulerEvent {
  /** Reads a record of a scheduler's log; throws {@code UnknownType} or {@code Malformed}. */
  static SchedulerEvent of(EvidenceRecord record) {
    return (SchedulerEvent) DeterministicScheduler.RECORDS.row(record);
  }

  /** Reports whether equal inputs imply this event; false for writes of the host alone. */
  default boolean isDeterministic() {
    return !(this instanceof StateWrite);
  }

  /** Reports whether this only frames events: a call but a write of the host, or a round's end. */
  default boolean isFrame() {
    return this instanceof RoundEnded || (this instanceof Call && isDeterministic());
  }

  /** A call of the host or the driver. */
  sealed interface Call extends SchedulerEvent {}

  /** A call that a task may make too; it takes effect if the task succeeds. */
  sealed interface Effect extends Call {
    /** Throws {@code IllegalArgumentException} for what a scheduler could never carry out. */
    default void check(SchedulerConfig config, TaskTable table) {}
  }

  /** The wish to enqueue a task on its core. */
  record Enqueue(Task task) implements Effect {
    @Override
    public void check(SchedulerConfig config, TaskTable table) {
      table.requireKnown(task);
    }
  }

  /** The wish to enqueue a task for a timestamp, on its own core or a given one. */
  record EnqueueOrdered(Task task, Timestamp timestamp, OptionalInt core) implements Effect {
    /** The last timestamp from which the clock has room for the ticks of a task. */
    private static final Timestamp LAST = new Timestamp(-1L - SchedulerConfig.TICKS_PER_TASK);

    @Override
    public void check(SchedulerConfig config, TaskTable table) {
      table.requireKnown(task);
      core.ifPresent(config::requireCore);
      if (LAST.happensBefore(timestamp)) {
        throw new IllegalArgumentException(
            "timestamp is " + timestamp + "; at most " + LAST + " is accepted");
      }
    }
  }

  /** The wish to write a value to the shared state; an external input if a host's. */
  record StateWrite(String name, @Declare(name = "value") Payload payload) implements Effect {
    private static final int LONGEST_NAME = 512;

    /** Throws {@code IllegalArgumentException} unless the name has 1 to 512 characters. */
    public StateWrite {
      Bounds.between(name.length(), 1, LONGEST_NAME, "length of a state's name");
      if (!Utf8Order.isWellFormed(name)) {
        throw new IllegalArgumentException("state name holds an unpaired surrogate");
      }
      Objects.requireNonNull(payload, "payload");
    }
  }

  /** A run of one task of {@code core}. */
  record Step(int core) implements Call {}

  /** A run of the ordered tasks that wait. */
  record OrderedRun() implements Call {}

  /** A run of the ordered tasks that are due, then of all cores. */
  record Round() implements Call {}

  /** Follows from a call. */
  sealed interface Outcome extends SchedulerEvent {}

  /** The answer to an enqueue. */
  sealed interface Enqueued extends Outcome {}

  /** A queued task: the clock after its tick or, if ordered, the due time and the given core. */
  record TaskEnqueued(Task task, OptionalInt core, Timestamp timestamp) implements Enqueued {}

  /** A task for which a queue had no room. */
  record TaskRefused(Task task, Refusal refusal) implements Enqueued {}

  /** The reason a queue refused a task. */
  enum Refusal {
    /** The core's queue is full. */
    QUEUE_FULL,
    /** The queue of ordered tasks is full. */
    ORDERED_FULL
  }

  /** A write to the shared state, with the value's SHA-256 and the clock after its tick. */
  record StateChange(String name, Hash256 hash, Timestamp timestamp) implements Outcome {}

  /** The outcome of a task taken from a queue; each such task logs exactly one. */
  sealed interface TaskOutcome extends Outcome {
    /** Returns the run. */
    TaskRun run();
  }

  /** A run: task id unsigned, core, clock after its tick, ticks used, guards included. */
  record TaskRun(
      @Declare(name = "task", unsigned = true, subject = true) long taskId,
      int core,
      Timestamp timestamp,
      long ticks) {

    static final Shape<TaskRun> SHAPE = Shape.derived("task_run", TaskRun.class);
  }

  /** A successful task. */
  record TaskExecuted(TaskRun run, Hash256 output) implements TaskOutcome {}

  /** A failed task; the detail is the class of the throwable or "". */
  record TaskFailed(TaskRun run, Failure failure, String detail) implements TaskOutcome {}

  /** A task rejected by its first guard that did not hold. */
  record TaskRejected(TaskRun run, @Declare(name = "guard") int guardId) implements TaskOutcome {}

  /** The reason a task failed. */
  enum Failure {
    /** More ticks used than budgeted. */
    BUDGET,
    /** An exception or error; the detail is its class name. */
    THROWN,
    /** More emissions and writes than the effect limit. */
    EFFECTS
  }

  /** The end of a round or ordered run: rounds completed before, clock, and tasks run. */
  record RoundEnded(long round, Timestamp clock, long ran) implements Outcome {
    /** Reports whether no task ran; such a round is neither logged nor counted. */
    public boolean isIdle() {
      return ran == 0;
    }
  }
}
