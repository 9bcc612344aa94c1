package dev.stowage;

import java.util.Objects;

/**
 * Sums up how long a stage of a facade's work has taken since the facade was built. Immutable.
 *
 * @param stage the stage
 * @param count how often it was gone through
 * @param totalNanos the sum of what that took, in nanoseconds
 * @param lastNanos what the last time took
 * @param mostNanos what the longest time took
 */
public record StageTimes(Stage stage, long count, long totalNanos, long lastNanos, long mostNanos) {
  /** Refuses null. */
  public StageTimes {
    Objects.requireNonNull(stage, "stage");
  }

  /** A stage. */
  public enum Stage {
    /** Loading the state after a claim, or after an outcome was unknown. */
    LOAD,
    /** A scheduling cycle, from the call to the answer. */
    SCHEDULE,
    /** The plan of a scheduling cycle; a part of {@link #SCHEDULE}. */
    PLAN,
    /** A visibility cycle. */
    PUBLISH,
    /** Any other command. */
    COMMAND,
    /** Calls of the store in a transaction: begin and read news, then commit. */
    STORE
  }
}
