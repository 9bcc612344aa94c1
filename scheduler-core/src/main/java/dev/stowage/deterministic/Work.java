package dev.stowage.deterministic;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.basics.Bounds;
import java.util.Objects;

/** The work of a task, as data, so that a log can hold it and a replay can repeat it. */
public sealed interface Work {
  /** The cost of a pure value, in ticks. */
  long PURE_TICKS = 2;

  /** The cost of an observation without guards: load, dispatch, two of handling, receipt. */
  long OBSERVATION_TICKS = 5;

  /** A constant that outputs its value four times. Costs {@link #PURE_TICKS}. */
  record Pure(long value) implements Work {}

  /**
   * An evaluation of all guards against {@code context}: {@link #OBSERVATION_TICKS} and one tick
   * per guard. A guard that does not fire rejects the task, yet the {@link Receipt} is returned.
   */
  record Observation(Payload context) implements Work {
    /** Throws {@code NullPointerException} if the context is null. */
    public Observation {
      Objects.requireNonNull(context, "context");
    }
  }

  /** A run of {@code program}, 0 to {@link ProgramTable#MAX_CODE}, with {@code argument}. */
  record Call(int program, Payload argument) implements Work {
    /** Throws {@code IllegalArgumentException} if {@code program} is out of range. */
    public Call {
      Bounds.between(program, 0, ProgramTable.MAX_CODE, "program");
      Objects.requireNonNull(argument, "argument");
    }
  }
}
