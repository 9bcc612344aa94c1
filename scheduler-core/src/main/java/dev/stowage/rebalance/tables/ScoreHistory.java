package dev.stowage.rebalance.tables;

import dev.stowage.rebalance.MoveExplanation.Trend;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How the score of a chunk's worst holder went: its last 64 samples, their moving average (a
 * newcomer counts 0.3) and where it goes. Immutable.
 */
public final class ScoreHistory {
  private final int[] samples;
  private final int averageNanos;
  private final Trend trend;

  ScoreHistory(int[] samples, int averageNanos, Trend trend) {
    this.samples = samples;
    this.averageNanos = averageNanos;
    this.trend = trend;
  }

  /** The number of samples, at most 64. */
  public int length() {
    return samples.length;
  }

  /** The samples, oldest first. */
  public double[] samples() {
    return Arrays.stream(samples).mapToDouble(Micros::points).toArray();
  }

  /** The newest sample. */
  public OptionalDouble current() {
    return samples.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Micros.points(samples[samples.length - 1]));
  }

  /** The moving average, seeded with the first sample. */
  public OptionalDouble average() {
    return samples.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(averageNanos / 1e9);
  }

  /** The newest sample against the average before it; stable while there is no sample. */
  public Trend trend() {
    return trend;
  }
}
