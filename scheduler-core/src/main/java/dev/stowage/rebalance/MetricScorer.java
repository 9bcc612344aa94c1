package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A scorer over reported metrics. Its alternative is the best live score, ties to the smallest id;
 * a fingerprint changes with each new report. Thread-safe.
 */
public final class MetricScorer implements PlacementScorer {
  private final WorkerMetrics metrics;
  private final Rule rule;
  private final double bytesPerSecond;

  /** A score by a worker's report. */
  @FunctionalInterface
  interface Rule {
    /** The value of {@code coming} if the worker holds the chunk. */
    double HELD = -1;

    /** Scores a chunk that would bring {@code coming} reads per second, or {@link #HELD}. */
    OptionalDouble score(
        ScoredChunk chunk, WorkerId worker, WorkerMetrics.Known known, double coming);
  }

  MetricScorer(WorkerMetrics metrics, Rule rule) {
    this(metrics, rule, 0);
  }

  private MetricScorer(WorkerMetrics metrics, Rule rule, double bytesPerSecond) {
    this.metrics = metrics;
    this.rule = rule;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Returns this scorer with the copy time at a speed in bytes per second, above 0, as cost. */
  public MetricScorer withCopySpeed(double bytesEachSecond) {
    if (!Double.isFinite(bytesEachSecond) || bytesEachSecond <= 0) {
      throw new IllegalArgumentException(
          "bytesEachSecond is " + bytesEachSecond + "; finite and above 0 is accepted");
    }
    return new MetricScorer(metrics, rule, bytesEachSecond);
  }

  @Override
  public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
    WorkerMetrics.Known known = metrics.known(worker);
    return known == null ? OptionalDouble.empty() : rule.score(chunk, worker, known, Rule.HELD);
  }

  @Override
  public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    WorkerMetrics.Fleet fleet = metrics.fleet();
    double coming = 0;
    for (WorkerMetrics.Known known : fleet.known()) {
      coming = Math.max(coming, known.reads(chunk.key()));
    }
    @Nullable Alternative best = null;
    for (int i = 0; i < fleet.workers().size(); i++) {
      WorkerId worker = fleet.workers().get(i);
      if (!excluded.contains(worker)) {
        OptionalDouble score = rule.score(chunk, worker, fleet.known().get(i), coming);
        if (score.isPresent() && (best == null || score.getAsDouble() > best.score())) {
          best = new Alternative(worker, score.getAsDouble());
        }
      }
    }
    return Optional.ofNullable(best);
  }

  @Override
  public OptionalLong nodeFingerprint(WorkerId worker) {
    WorkerMetrics.Known known = metrics.known(worker);
    return OptionalLong.of(known == null ? 0 : known.version());
  }

  @Override
  public Optional<MigrationCost> migrationCost(ScoredChunk chunk, WorkerId target) {
    if (bytesPerSecond == 0) {
      return Optional.empty();
    }
    double seconds = Math.min(1e9, chunk.sizeBytes() / bytesPerSecond);
    return Optional.of(
        MigrationCost.of(Duration.ofNanos((long) (seconds * 1e9)), Duration.ZERO)
            .withBandwidthBytes(chunk.sizeBytes()));
  }
}
