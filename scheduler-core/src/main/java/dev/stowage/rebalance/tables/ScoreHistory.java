package dev.stowage.rebalance.tables;

import dev.stowage.rebalance.MoveExplanation.Trend;
import java.util.Arrays;
import java.util.OptionalDouble;

/** The last 64 scores, their moving average (a new one counts 0.3) and trend. Immutable. */
public final class ScoreHistory {
  private final int[] samples;
  private final int averageNanos;
  private final Trend trend;

  ScoreHistory(int[] samples, int averageNanos, Trend trend) {
    this.samples = samples;
    this.averageNanos = averageNanos;
    this.trend = trend;
  }

  /** Returns the number of samples, at most 64. */
  public int length() {
    return samples.length;
  }

  /** Returns the samples, oldest first. */
  public double[] samples() {
    return Arrays.stream(samples).mapToDouble(Micros::points).toArray();
  }

  public OptionalDouble current() {
    return samples.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Micros.points(samples[samples.length - 1]));
  }

  /** Returns the moving average, seeded with the first sample. */
  public OptionalDouble average() {
    return samples.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(averageNanos / 1e9);
  }

  /** Returns the newest sample's trend against the average before it; stable without samples. */
  public Trend trend() {
    return trend;
  }
}
