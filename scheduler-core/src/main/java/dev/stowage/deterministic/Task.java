package dev.stowage.deterministic;

import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * An immutable task, as data, so that a log can hold it: a program by number with its argument. The
 * unsigned id decides the core and may repeat; the budget is inclusive.
 */
public record Task(
    @Declare(name = "task", unsigned = true, subject = true) long id,
    int program,
    Payload argument,
    @Declare(orElse = TickBudget.STANDARD_LIMIT) long budgetTicks,
    @Declare(or = "NORMAL") Priority priority,
    @Declare(or = "NONE") Guards guards) {
  /** The greatest number of a host's program. */
  public static final int MAX_PROGRAM = 0xFFFF;

  /** The cost of a pure value, in ticks. */
  public static final long PURE_TICKS = 2;

  /** The cost of an observation without guards: load, dispatch, two of handling, receipt. */
  public static final long OBSERVATION_TICKS = 5;

  static final int PURE = MAX_PROGRAM + 1;
  static final int OBSERVATION = MAX_PROGRAM + 2;

  static final Shape<Task> SHAPE = Shape.derived("task", Task.class);

  /** Throws {@code IllegalArgumentException} for a negative budget or an unknown program. */
  public Task {
    Bounds.between(program, 0, OBSERVATION, "program");
    Bounds.atLeast(budgetTicks, 0, "tick budget");
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(guards, "guards");
  }

  private static Task of(long id, int program, Payload argument) {
    return new Task(id, program, argument, TickBudget.STANDARD_LIMIT, Priority.NORMAL, Guards.NONE);
  }

  /** Creates a task that outputs a number four times; it costs {@link #PURE_TICKS}. */
  public static Task pure(long id, long value) {
    return of(id, PURE, Payload.ofLong(value));
  }

  /** Creates a task that outputs the hash of what was seen; it costs {@link #OBSERVATION_TICKS}. */
  public static Task observation(long id, Payload seen) {
    return of(id, OBSERVATION, seen);
  }

  /** Creates a normal task of a host's program, with 8 ticks and no guards. */
  public static Task call(long id, int program, Payload argument) {
    return of(id, Bounds.between(program, 0, MAX_PROGRAM, "program"), argument);
  }

  /** Returns the cost of a run beside guards and what the program counts, in ticks. */
  long declaredTicks() {
    return switch (program) {
      case PURE -> PURE_TICKS;
      case OBSERVATION -> OBSERVATION_TICKS;
      default -> 1;
    };
  }

  /** Returns this task with another budget, in ticks. */
  public Task withBudgetTicks(long ticks) {
    return new Task(id, program, argument, ticks, priority, guards);
  }

  /** Returns this task with another priority. */
  public Task withPriority(Priority other) {
    return new Task(id, program, argument, budgetTicks, other, guards);
  }

  /** Returns this task with other guards; see {@link Guards#of} for the errors. */
  public Task withGuards(int... ids) {
    return new Task(id, program, argument, budgetTicks, priority, Guards.of(ids));
  }
}
