package dev.stowage.deterministic;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.columns.Utf8Order;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
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
    static final Shape<Enqueue> SHAPE =
        shape("enqueue", nested("task", Enqueue::task, Task.SHAPE), Enqueue::new);

    @Override
    public void check(SchedulerConfig config, TaskTable table) {
      table.requireKnown(task);
    }
  }

  /** The wish to enqueue a task for a timestamp, on its own core or a given one. */
  record EnqueueOrdered(Task task, Timestamp timestamp, OptionalInt core) implements Effect {
    /** The last timestamp from which the clock has room for the ticks of a task. */
    private static final Timestamp LAST = new Timestamp(-1L - SchedulerConfig.TICKS_PER_TASK);

    static final Shape<EnqueueOrdered> SHAPE =
        shape(
            "enqueue_ordered",
            nested("task", EnqueueOrdered::task, Task.SHAPE),
            value("timestamp", EnqueueOrdered::timestamp, TaskRun.TIME),
            value("core", EnqueueOrdered::core, Forms.OPTIONAL_INT),
            EnqueueOrdered::new);

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
  record StateWrite(String name, Payload payload) implements Effect {
    static final Shape<StateWrite> SHAPE =
        shape(
            "external_input",
            text("name", StateWrite::name),
            value("value", StateWrite::payload, Payload.FORM),
            StateWrite::new);

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
  record Step(int core) implements Call {
    static final Shape<Step> SHAPE = shape("step", narrow("core", Step::core), Step::new);
  }

  /** A run of the ordered tasks that wait. */
  record OrderedRun() implements Call {
    static final Shape<OrderedRun> SHAPE = shape("ordered_run", OrderedRun::new);
  }

  /** A run of the ordered tasks that are due, then of all cores. */
  record Round() implements Call {
    static final Shape<Round> SHAPE = shape("round", Round::new);
  }

  /** Follows from a call. */
  sealed interface Outcome extends SchedulerEvent {}

  /** The answer to an enqueue. */
  sealed interface Enqueued extends Outcome {}

  /** A queued task: the clock after its tick or, if ordered, the due time and the given core. */
  record TaskEnqueued(Task task, OptionalInt core, Timestamp timestamp) implements Enqueued {
    static final Shape<TaskEnqueued> SHAPE =
        shape(
            "task_enqueued",
            nested("task", TaskEnqueued::task, Task.SHAPE),
            value("core", TaskEnqueued::core, Forms.OPTIONAL_INT),
            value("timestamp", TaskEnqueued::timestamp, TaskRun.TIME),
            TaskEnqueued::new);
  }

  /** A task for which a queue had no room. */
  record TaskRefused(Task task, Refusal refusal) implements Enqueued {
    static final Shape<TaskRefused> SHAPE =
        shape(
            "task_refused",
            nested("task", TaskRefused::task, Task.SHAPE),
            oneOf("refusal", Refusal.class, TaskRefused::refusal),
            TaskRefused::new);
  }

  /** The reason a queue refused a task. */
  enum Refusal {
    /** The core's queue is full. */
    QUEUE_FULL,
    /** The queue of ordered tasks is full. */
    ORDERED_FULL
  }

  /** A write to the shared state, with the value's SHA-256 and the clock after its tick. */
  record StateChange(String name, Hash256 hash, Timestamp timestamp) implements Outcome {
    static final Shape<StateChange> SHAPE =
        shape(
            "state_change",
            text("name", StateChange::name),
            value("hash", StateChange::hash, Form.of(Hash256.class)),
            value("timestamp", StateChange::timestamp, TaskRun.TIME),
            StateChange::new);
  }

  /** The outcome of a task taken from a queue; each such task logs exactly one. */
  sealed interface TaskOutcome extends Outcome {
    /** Returns the run. */
    TaskRun run();
  }

  /** A run: task id unsigned, core, clock after its tick, ticks used, guards included. */
  record TaskRun(long taskId, int core, Timestamp timestamp, long ticks) {
    static final Form<Timestamp> TIME = Forms.unsigned(Timestamp::new, Timestamp::bits);

    private static final Shape<TaskRun> SHAPE =
        Shape.of(
            "task_run",
            row -> {
              var task = row.number("task", TaskRun::taskId).unsigned().subject();
              var core = row.number("core", TaskRun::core).narrow();
              var timestamp = row.value("timestamp", TaskRun::timestamp, TIME);
              var ticks = row.number("ticks", TaskRun::ticks);
              return v -> new TaskRun(task.of(v), core.intOf(v), timestamp.of(v), ticks.of(v));
            });
  }

  /** A successful task. */
  record TaskExecuted(TaskRun run, Hash256 output) implements TaskOutcome {
    static final Shape<TaskExecuted> SHAPE =
        shape(
            "task_executed",
            nested("run", TaskExecuted::run, TaskRun.SHAPE),
            value("output", TaskExecuted::output, Form.of(Hash256.class)),
            TaskExecuted::new);
  }

  /** A failed task; the detail is the class of the throwable or "". */
  record TaskFailed(TaskRun run, Failure failure, String detail) implements TaskOutcome {
    static final Shape<TaskFailed> SHAPE =
        shape(
            "task_failed",
            nested("run", TaskFailed::run, TaskRun.SHAPE),
            oneOf("failure", Failure.class, TaskFailed::failure),
            text("detail", TaskFailed::detail),
            TaskFailed::new);
  }

  /** A task rejected by its first guard that did not hold. */
  record TaskRejected(TaskRun run, int guardId) implements TaskOutcome {
    static final Shape<TaskRejected> SHAPE =
        shape(
            "task_rejected",
            nested("run", TaskRejected::run, TaskRun.SHAPE),
            narrow("guard", TaskRejected::guardId),
            TaskRejected::new);
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

  /** The end of a round or ordered run: rounds completed before, clock, and tasks run. */
  record RoundEnded(long round, Timestamp clock, long ran) implements Outcome {
    static final Shape<RoundEnded> SHAPE =
        shape(
            "round_ended",
            number("round", RoundEnded::round),
            value("clock", RoundEnded::clock, TaskRun.TIME),
            number("ran", RoundEnded::ran),
            RoundEnded::new);

    /** Reports whether no task ran; such a round is neither logged nor counted. */
    public boolean isIdle() {
      return ran == 0;
    }
  }
}
