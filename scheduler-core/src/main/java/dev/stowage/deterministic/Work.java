package dev.stowage.deterministic;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.basics.Bounds;
import java.util.Objects;

/** What a task does. Data, not code, so that a log can hold it and a replay can do it again. */
public sealed interface Work {
  /** Ticks that a pure value costs. */
  long PURE_TICKS = 2;

  /** Ticks of an observation beside its guards: load, dispatch, two of handling, receipt. */
  long OBSERVATION_TICKS = 5;

  /**
   * Yields its value, four times over, as output. Costs {@link #PURE_TICKS}.
   *
   * @param value any
   */
  record Pure(long value) implements Work {}

  /**
   * Evaluates every guard of its task against an immutable context and hands back a {@link Receipt}
   * that names those that fired. Costs {@link #OBSERVATION_TICKS} and one tick per guard. As for
   * any task, a guard that does not fire rejects the task; the receipt is handed back all the same.
   *
   * @param context what the guards see as their subject
   */
  record Observation(Payload context) implements Work {
    /** Refuses null. */
    public Observation {
      Objects.requireNonNull(context, "context");
    }
  }

  /**
   * Runs a program of the scheduler's {@link ProgramTable}.
   *
   * @param program 0 to {@link ProgramTable#MAX_CODE}
   * @param argument what the program is given
   */
  record Call(int program, Payload argument) implements Work {
    /** Refuses a code out of range with {@link IllegalArgumentException}. */
    public Call {
      Bounds.between(program, 0, ProgramTable.MAX_CODE, "program");
      Objects.requireNonNull(argument, "argument");
    }
  }
}
