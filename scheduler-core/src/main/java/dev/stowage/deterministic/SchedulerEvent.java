package dev.stowage.deterministic;

import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Hash256;
import java.util.OptionalInt;

/** A decoded record of a scheduler's log; a function of configuration and inputs. */
public sealed interface SchedulerEvent
    permits TaskOutcome,
        SchedulerEvent.TaskEnqueued,
        SchedulerEvent.TaskRefused,
        SchedulerEvent.StateChange,
        SchedulerEvent.ExternalInput,
        SchedulerEvent.Frame {
  /** The source of a queued task. */
  enum Origin {
    /** The host: an input. */
    HOST,
    /** A running task: an outcome. */
    EMITTED
  }

  /** The reason a queue refused a task. */
  enum Refusal {
    /** The core's queue is full. */
    QUEUE_FULL,
    /** The queue of ordered tasks is full. */
    ORDERED_FULL
  }

  /** The reason a task failed. */
  enum Failure {
    /** More ticks used than budgeted. */
    BUDGET,
    /** An exception or error; the detail is its class name. */
    THROWN,
    /** More emissions and writes than the effect limit. */
    EFFECTS
  }

  /** Reports whether equal inputs imply this event; false for external inputs alone. */
  default boolean isDeterministic() {
    return true;
  }

  /** Reports whether this is a call of the driver (round, step, ordered run). */
  default boolean isFrame() {
    return this instanceof Frame;
  }

  /**
   * The entry of a task into the queue of {@code core} (if ordered: the requested core, if any).
   * {@code timestamp} is the clock after its tick; if ordered, the due time.
   */
  record TaskEnqueued(
      Task task, OptionalInt core, Timestamp timestamp, boolean ordered, Origin origin)
      implements SchedulerEvent {}

  /**
   * The refusal of a task, without a tick. {@code core} has the full queue (if ordered: was
   * requested, if any). {@code timestamp} is the clock; if ordered, the due time.
   */
  record TaskRefused(
      Task task, OptionalInt core, Timestamp timestamp, Refusal refusal, Origin origin)
      implements SchedulerEvent {}

  /** A successful task: id unsigned, clock after its tick, ticks used. */
  record TaskExecuted(long taskId, int core, Timestamp timestamp, long ticks, Hash256 output)
      implements TaskOutcome {}

  /** A failed task: unsigned id, clock after its tick, ticks, class of the throwable or "". */
  record TaskFailed(
      long taskId, int core, Timestamp timestamp, long ticks, Failure failure, String detail)
      implements TaskOutcome {}

  /** A task rejected by its first failing guard: unsigned id, clock after its tick, guard ticks. */
  record TaskRejected(long taskId, int core, Timestamp timestamp, long ticks, int guardId)
      implements TaskOutcome {}

  /** A task's write, with the value's SHA-256; not {@code applied} to a full state. */
  record StateChange(Timestamp timestamp, String name, Hash256 hash, boolean applied)
      implements SchedulerEvent {}

  /** A host's write, which equal inputs do not imply; not {@code applied} to a full state. */
  record ExternalInput(Timestamp timestamp, String name, Payload value, boolean applied)
      implements SchedulerEvent {
    @Override
    public boolean isDeterministic() {
      return false;
    }
  }

  /** A call of the driver. */
  sealed interface Frame extends SchedulerEvent {}

  /** The run of a round's cores: number from 0, clock at its start. */
  record RoundStarted(long round, Timestamp clock) implements Frame {}

  /** The end of a round, after merging; {@code ran} counts the tasks of its cores. */
  record RoundEnded(long round, Timestamp clock, long ran) implements Frame {}

  /** A run of one task of {@code core}; its outcome follows. */
  record StepStarted(int core) implements Frame {}

  /** A run of at most {@code most} ordered tasks up to timestamp {@code limit}, in key order. */
  record OrderedStarted(Timestamp limit, long most) implements Frame {}

  /** The result of an enqueue, logged in either case. */
  public sealed interface Enqueued {
    /** An enqueued task: its core, and the clock after its tick or its due time. */
    record Accepted(int core, Timestamp timestamp) implements Enqueued {}

    /** A refused task; {@code capacity} is that of the full queue, in tasks. */
    record Refused(SchedulerEvent.Refusal reason, int capacity) implements Enqueued {}
  }
}
