package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.Objects;

/**
 * A unit of work. Immutable.
 *
 * @param id unsigned; decides the core, need not be unique
 * @param budgetTicks logical ticks it may use, at least 0, inclusive
 * @param priority its lane
 * @param guards what must hold before it runs
 * @param work what it does
 */
public record Task(long id, long budgetTicks, Priority priority, Guards guards, Work work) {
  /** Refuses a negative budget with {@link IllegalArgumentException}. */
  public Task {
    Bounds.atLeast(budgetTicks, 0, "tick budget");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(guards, "guards");
    Objects.requireNonNull(work, "work");
  }

  /** A normal task with {@value TickBudget#STANDARD_LIMIT} ticks and no guards. */
  public static Task of(long id, Work work) {
    return new Task(id, TickBudget.STANDARD_LIMIT, Priority.NORMAL, Guards.none(), work);
  }

  /** {@link #of(long, Work)} with a pure value. */
  public static Task pure(long id, long value) {
    return of(id, new Work.Pure(value));
  }

  /** {@link #of(long, Work)} with an observation. */
  public static Task observation(long id, Payload context) {
    return of(id, new Work.Observation(context));
  }

  /** {@link #of(long, Work)} with a call. */
  public static Task call(long id, int program, Payload argument) {
    return of(id, new Work.Call(program, argument));
  }

  /** This task with another budget. */
  public Task withBudgetTicks(long ticks) {
    return new Task(id, ticks, priority, guards, work);
  }

  /** This task with another priority. */
  public Task withPriority(Priority other) {
    return new Task(id, budgetTicks, other, guards, work);
  }

  /** This task with these guards instead of its own; see {@link Guards#of}. */
  public Task withGuards(int... ids) {
    return new Task(id, budgetTicks, priority, Guards.of(ids), work);
  }

  /** What became of a task that was taken from a queue: exactly one of these is logged for each. */
  public sealed interface TaskOutcome extends SchedulerEvent
      permits SchedulerEvent.TaskExecuted, SchedulerEvent.TaskFailed, SchedulerEvent.TaskRejected {
    /** The task, unsigned. */
    long taskId();

    /** The core it ran on. */
    int core();

    /** The logical time the outcome was given. */
    Timestamp timestamp();

    /** Logical ticks it used, guards included. */
    long ticks();
  }
}
