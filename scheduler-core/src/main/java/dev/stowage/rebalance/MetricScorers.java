package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorer.Rule;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

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

  /**
   * Returns a scorer of zone costs: {@code 1 - cost / dearest}, empty for a zone without cost.
   * Costs are finite, at least 0, in one unit.
   */
  public static MetricScorer zoneCost(
      WorkerMetrics metrics, Map<WorkerId, String> zones, Map<String, Double> costs) {
    Map<WorkerId, String> zoneOf = new TreeMap<>(zones);
    Map<String, Double> costOf = new TreeMap<>(costs);
    double dearest = 0;
    for (double cost : costOf.values()) {
      if (!Double.isFinite(cost) || cost < 0) {
        throw new IllegalArgumentException("cost is " + cost + "; 0 or more is accepted");
      }
      dearest = Math.max(dearest, cost);
    }
    double most = dearest;
    return new MetricScorer(
        metrics,
        (chunk, worker, known, coming) -> {
          Double cost = costOf.get(zoneOf.getOrDefault(worker, ""));
          return cost == null
              ? OptionalDouble.empty()
              : OptionalDouble.of(most == 0 ? 1 : 1 - cost / most);
        });
  }

  /** Returns the mean of at least one scorer by weight, without those that have no opinion. */
  public static MetricScorer weighted(WorkerMetrics metrics, List<Part> parts) {
    List<Part> all = List.copyOf(parts);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("there are no parts; at least 1 is accepted");
    }
    return new MetricScorer(
        metrics,
        (chunk, worker, known, coming) -> {
          double sum = 0;
          double weights = 0;
          for (Part part : all) {
            OptionalDouble score = part.scorer.rule().score(chunk, worker, known, coming);
            if (score.isPresent()) {
              sum += score.getAsDouble() * part.weight;
              weights += part.weight;
            }
          }
          return weights == 0 ? OptionalDouble.empty() : OptionalDouble.of(within(sum / weights));
        });
  }

  /** A scorer and its weight, finite and above 0. */
  public record Part(MetricScorer scorer, double weight) {
    /** Throws {@code IllegalArgumentException} for a weight that is not finite or not above 0. */
    public Part {
      if (!Double.isFinite(weight) || weight <= 0) {
        throw new IllegalArgumentException("weight is " + weight + "; above 0 is accepted");
      }
    }
  }

  private static double within(double score) {
    return Math.max(0, Math.min(1, score));
  }
}
