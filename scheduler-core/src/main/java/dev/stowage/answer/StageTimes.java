package dev.stowage.answer;

import java.util.Objects;

/**
 * The times of a stage of a facade's work since the facade was built. Immutable.
 *
 * @param stage the stage
 * @param count the number of runs
 * @param totalNanos the sum of all runs, in nanoseconds
 * @param lastNanos the last run, in nanoseconds
 * @param mostNanos the longest run, in nanoseconds
 */
public record StageTimes(Stage stage, long count, long totalNanos, long lastNanos, long mostNanos) {
  /** Throws {@link NullPointerException} if {@code stage} is null. */
  public StageTimes {
    Objects.requireNonNull(stage, "stage");
  }

  /** A stage. */
  public enum Stage {
    /** Loading the state after a claim or an unknown outcome. */
    LOAD,
    /** A scheduling cycle, from the call to the answer. */
    SCHEDULE,
    /** The plan of a scheduling cycle; a part of {@link #SCHEDULE}. */
    PLAN,
    /** A visibility cycle. */
    PUBLISH,
    /** Any other command, or several that are committed together. */
    COMMAND,
    /** Calls of the store in a transaction: begin and read news, then commit. */
    STORE
  }
}
