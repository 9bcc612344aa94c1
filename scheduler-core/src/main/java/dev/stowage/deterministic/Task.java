package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.Objects;

/** An immutable task. Its unsigned id decides its core and may repeat; its budget is inclusive. */
public record Task(long id, long budgetTicks, Priority priority, Guards guards, Work work) {
  /** Throws {@code IllegalArgumentException} if the budget is negative. */
  public Task {
    Bounds.atLeast(budgetTicks, 0, "tick budget");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(guards, "guards");
    Objects.requireNonNull(work, "work");
  }

  /** Creates a normal task with {@value TickBudget#STANDARD_LIMIT} ticks and no guards. */
  public static Task of(long id, Work work) {
    return new Task(id, TickBudget.STANDARD_LIMIT, Priority.NORMAL, Guards.none(), work);
  }

  /** Creates a task as {@link #of(long, Work)} does, with a pure value. */
  public static Task pure(long id, long value) {
    return of(id, new Work.Pure(value));
  }

  /** Creates a task as {@link #of(long, Work)} does, with an observation. */
  public static Task observation(long id, Payload context) {
    return of(id, new Work.Observation(context));
  }

  /** Creates a task as {@link #of(long, Work)} does, with a call. */
  public static Task call(long id, int program, Payload argument) {
    return of(id, new Work.Call(program, argument));
  }

  /** Returns this task with another budget, in ticks. */
  public Task withBudgetTicks(long ticks) {
    return new Task(id, ticks, priority, guards, work);
  }

  /** Returns this task with another priority. */
  public Task withPriority(Priority other) {
    return new Task(id, budgetTicks, other, guards, work);
  }

  /** Returns this task with other guards; see {@link Guards#of} for the errors. */
  public Task withGuards(int... ids) {
    return new Task(id, budgetTicks, priority, Guards.of(ids), work);
  }

  /** The outcome of a task taken from a queue; each such task logs exactly one. */
  public sealed interface TaskOutcome extends SchedulerEvent
      permits SchedulerEvent.TaskExecuted, SchedulerEvent.TaskFailed, SchedulerEvent.TaskRejected {
    /** Returns the task's id, unsigned. */
    long taskId();

    /** Returns the core of the task. */
    int core();

    /** Returns the logical time of the outcome. */
    Timestamp timestamp();

    /** Returns the logical ticks used, guards included. */
    long ticks();
  }
}
