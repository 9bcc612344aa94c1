package dev.stowage.deterministic;

import java.util.Objects;

/**
 * What a run starts from, beside its inputs.
 *
 * @param seed what tasks draw numbers from; any
 * @param initialTimestamp where the clock begins
 * @param cores 1 to 256
 */
public record ReplaySeed(long seed, Timestamp initialTimestamp, int cores) {
  /** Refuses cores out of range with {@link IllegalArgumentException}. */
  public ReplaySeed {
    Objects.requireNonNull(initialTimestamp, "initialTimestamp");
    Bounds.between(cores, 1, SchedulerConfig.MAX_CORES, "cores");
  }
}
