package dev.stowage.deterministic;

import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Hash256;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One record of a scheduler's log, decoded. Every field is a function of configuration and inputs.
 */
public sealed interface SchedulerEvent
    permits TaskOutcome,
        SchedulerEvent.TaskEnqueued,
        SchedulerEvent.TaskRefused,
        SchedulerEvent.TasksStolen,
        SchedulerEvent.StateChange,
        SchedulerEvent.ExternalInput,
        SchedulerEvent.Frame {
  /** Who put a task into a queue. */
  enum Origin {
    /** The host: an input. */
    HOST,
    /** A running task: an outcome. */
    EMITTED
  }

  /** Why a task was not taken into a queue. */
  enum Refusal {
    /** The core's queue holds as many tasks as it may. */
    QUEUE_FULL,
    /** As many tasks wait for their timestamp as may. */
    ORDERED_FULL
  }

  /** Why a task failed. */
  enum Failure {
    /** It used more ticks than its budget. */
    BUDGET,
    /** It threw; the detail is the class name. */
    THROWN,
    /** It emitted and wrote more than the effect limit. */
    EFFECTS,
    /** The host's stall policy gave up waiting for it. */
    BLOCKED
  }

  /** Whether equal inputs imply this event; false for external inputs alone. */
  default boolean isDeterministic() {
    return true;
  }

  /**
   * Whether this is a frame: a call of the driver (round, step, ordered run, snapshot) rather than
   * an event of a task or of the state.
   */
  default boolean isFrame() {
    return this instanceof Frame;
  }

  /**
   * A task entered a queue.
   *
   * @param task the task
   * @param core the core whose queue it entered; for an ordered task the core asked for, if any
   * @param timestamp the clock after its tick; for an ordered task the timestamp it waits for
   * @param ordered whether it waits for its timestamp
   * @param origin who put it there
   */
  record TaskEnqueued(
      Task task, OptionalInt core, Timestamp timestamp, boolean ordered, Origin origin)
      implements SchedulerEvent {}

  /**
   * A task did not enter a queue. The clock did not move.
   *
   * @param task the task
   * @param core the core whose queue is full; for an ordered task the core asked for, if any
   * @param timestamp the clock; for an ordered task the timestamp it would have waited for
   * @param refusal why
   * @param origin who wanted it there
   */
  record TaskRefused(
      Task task, OptionalInt core, Timestamp timestamp, Refusal refusal, Origin origin)
      implements SchedulerEvent {}

  /**
   * A task did its work.
   *
   * @param taskId unsigned
   * @param core the core it ran on
   * @param timestamp the clock after its tick
   * @param ticks what it used
   * @param output its output
   */
  record TaskExecuted(long taskId, int core, Timestamp timestamp, long ticks, Hash256 output)
      implements TaskOutcome {}

  /**
   * A task failed; nothing that it emitted or wrote took effect.
   *
   * @param taskId unsigned
   * @param core the core it ran on
   * @param timestamp the clock after its tick
   * @param ticks what it had used
   * @param failure why
   * @param detail the class name of what was thrown, else empty
   */
  record TaskFailed(
      long taskId, int core, Timestamp timestamp, long ticks, Failure failure, String detail)
      implements TaskOutcome {}

  /**
   * A guard did not hold; the work was not done.
   *
   * @param taskId unsigned
   * @param core the core it would have run on
   * @param timestamp the clock after its tick
   * @param ticks what the guards used
   * @param guardId the first guard that did not hold
   */
  record TaskRejected(long taskId, int core, Timestamp timestamp, long ticks, int guardId)
      implements TaskOutcome {}

  /**
   * Tasks moved from a loaded core to an idle one.
   *
   * @param from the loaded core
   * @param to the idle core
   * @param taskIds unsigned, highest priority first, in the order they keep
   */
  record TasksStolen(int from, int to, List<Long> taskIds) implements SchedulerEvent {
    /** Copies the ids. */
    public TasksStolen {
      taskIds = List.copyOf(taskIds);
    }
  }

  /**
   * A task wrote to the shared state.
   *
   * @param timestamp the clock after its tick; the clock itself if not applied
   * @param name what was written
   * @param hash SHA-256 of the value
   * @param applied false if the state was full and the name new
   */
  record StateChange(Timestamp timestamp, String name, Hash256 hash, boolean applied)
      implements SchedulerEvent {}

  /**
   * The host wrote to the shared state: the only event that equal inputs do not imply.
   *
   * @param timestamp the clock after its tick; the clock itself if not applied
   * @param name what was written
   * @param value the value
   * @param applied false if the state was full and the name new
   */
  record ExternalInput(Timestamp timestamp, String name, Payload value, boolean applied)
      implements SchedulerEvent {
    @Override
    public boolean isDeterministic() {
      return false;
    }
  }

  /** A call of the driver. */
  sealed interface Frame extends SchedulerEvent {}

  /**
   * A round's cores ran; what they did follows.
   *
   * @param round its number, from 0
   * @param clock the clock at its start
   * @param abandoned tasks that the stall policy gave up, by core
   */
  record RoundStarted(long round, Timestamp clock, List<Abandoned> abandoned) implements Frame {
    /** Copies the list. */
    public RoundStarted {
      abandoned = List.copyOf(abandoned);
    }
  }

  /**
   * A task that blocked.
   *
   * @param core where
   * @param position its place among the tasks that the core took in the round, from 0
   */
  record Abandoned(int core, int position) {
    /** Refuses negative numbers with {@link IllegalArgumentException}. */
    public Abandoned {
      Bounds.atLeast(core, 0, "core");
      Bounds.atLeast(position, 0, "position");
    }
  }

  /**
   * A round's barrier is passed: everything merged, stealing done.
   *
   * @param round its number
   * @param clock the clock
   * @param ran tasks that its cores took from their queues
   */
  record RoundEnded(long round, Timestamp clock, long ran) implements Frame {}

  /**
   * One core runs one task; its outcome follows.
   *
   * @param core which
   */
  record StepStarted(int core) implements Frame {}

  /**
   * Ordered tasks run, in key order; their outcomes follow.
   *
   * @param limit no task beyond this timestamp runs
   * @param most no more tasks than this run
   */
  record OrderedStarted(Timestamp limit, long most) implements Frame {}

  /**
   * A snapshot was taken.
   *
   * @param round rounds completed
   * @param clock the clock
   * @param stateHash SHA-256 of the snapshot's canonical state
   */
  record SnapshotTaken(long round, Timestamp clock, Hash256 stateHash) implements Frame {
    /** Refuses null. */
    public SnapshotTaken {
      Objects.requireNonNull(clock, "clock");
      Objects.requireNonNull(stateHash, "stateHash");
    }
  }

  /** The answer to an enqueue. Either way it is in the log. */
  public sealed interface Enqueued {
    /**
     * The task waits in a queue.
     *
     * @param core the core it will run on, unless it is stolen
     * @param timestamp the clock after its tick; of an ordered task the timestamp it waits for
     */
    record Accepted(int core, Timestamp timestamp) implements Enqueued {}

    /**
     * The task was not taken.
     *
     * @param reason which queue is full
     * @param capacity how many tasks it holds
     */
    record Refused(SchedulerEvent.Refusal reason, int capacity) implements Enqueued {}
  }
}
