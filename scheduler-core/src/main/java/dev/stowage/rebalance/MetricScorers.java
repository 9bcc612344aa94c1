package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorer.Rule;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Ready scorers over reported metrics. Each answers empty for a worker that has not reported. A
 * worker that does not hold the chunk yet is scored as if it did: with its bytes and its reads.
 * Thread-safe, as the feed is.
 */
public final class MetricScorers {
  private MetricScorers() {}

  /** How empty the disk is: {@code 1 - used / capacity}. */
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
   * How idle the worker is for this chunk: {@code 1 - reads / rated x (1 + heat) / 2}, the heat
   * being the chunk's reads divided by those of the worker's hottest chunk. So the hottest chunk of
   * a hot worker scores lowest, and is the first to go. Where reads are not told apart by chunk,
   * the heat is 1.
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
   * How quick reads are: 1 up to {@code bestMillis}, 0 from {@code worstMillis} on, and a straight
   * line between them.
   */
  public static MetricScorer latency(WorkerMetrics metrics, double bestMillis, double worstMillis) {
    if (!(bestMillis >= 0) || !(worstMillis > bestMillis) || !Double.isFinite(worstMillis)) {
      throw new IllegalArgumentException(
          "latencies are "
              + bestMillis
              + " and "
              + worstMillis
              + " ms; 0 or more, and more than that, are accepted");
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
   * How cheap the worker's zone is: {@code 1 - cost / dearest}. A zone without a cost has no score.
   *
   * @param zones the zone of each worker
   * @param costs the cost of each zone in any one unit, finite, at least 0
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

  /**
   * The mean of scorers over the same metrics, by weights; those without an opinion do not count.
   *
   * @param parts the scorers and their weights, each finite and above 0; at least one
   */
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

  /**
   * A scorer and what it counts.
   *
   * @param scorer the scorer
   * @param weight finite and above 0
   */
  public record Part(MetricScorer scorer, double weight) {
    /** Refuses a weight that is not finite or not above 0. */
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
