package dev.stowage.rebalance;

import dev.stowage.rebalance.MetricScorer.Rule;
import java.util.OptionalDouble;

/**
 * Scorers over reported metrics, empty for workers without report. A worker without the chunk is
 * scored with its bytes and reads added. Thread-safe.
 */
public final class MetricScorers {
  private MetricScorers() {}

  /** Returns a scorer of free disk space: {@code 1 - used / capacity}. */
  public static MetricScorer diskFill(WorkerMetrics metrics) {
    return new MetricScorer(
        metrics,
        (chunk, worker, known, coming) -> {
          double used =
              known.report().usedBytes() + (coming == Rule.HELD ? 0.0 : chunk.sizeBytes());
          return OptionalDouble.of(within(1 - used / known.report().capacityBytes()));
        });
  }

  /**
   * Returns a scorer of idleness: {@code 1 - reads / rated x (1 + heat) / 2}, heat being the
   * chunk's reads divided by those of the worker's hottest chunk, or 1 without reads by chunk.
   */
  public static MetricScorer readLoad(WorkerMetrics metrics) {
    return new MetricScorer(
        metrics,
        (chunk, worker, known, coming) -> {
          double own = coming == Rule.HELD ? known.reads(chunk.key()) : coming;
          double reads = known.report().readsPerSecond() + Math.max(0, coming);
          double hottest = Math.max(known.hottest(), own);
          double heat = hottest == 0 ? 1 : own / hottest;
          double load = reads / known.report().ratedReadsPerSecond();
          return OptionalDouble.of(within(1 - load * (1 + heat) / 2));
        });
  }

  /**
   * Returns a scorer of latency: 1 up to {@code bestMillis}, 0 from {@code worstMillis}, linear
   * between.
   */
  public static MetricScorer latency(WorkerMetrics metrics, double bestMillis, double worstMillis) {
    if (!(bestMillis >= 0) || !(worstMillis > bestMillis) || !Double.isFinite(worstMillis)) {
      throw new IllegalArgumentException(
          "bestMillis is "
              + bestMillis
              + ", worstMillis is "
              + worstMillis
              + "; at least 0 and above bestMillis are accepted");
    }
    return new MetricScorer(
        metrics,
        (chunk, worker, known, coming) ->
            OptionalDouble.of(
                within(
                    (worstMillis - known.report().readLatencyMillis())
                        / (worstMillis - bestMillis))));
  }

  private static double within(double score) {
    return Math.max(0, Math.min(1, score));
  }
}
