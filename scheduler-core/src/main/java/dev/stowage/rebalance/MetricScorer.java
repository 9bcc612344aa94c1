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
 * A scorer over reported metrics; made by {@link MetricScorers}. It names the worker with the best
 * live score as alternative, the smallest id among equals, and its fingerprint of a worker changes
 * with each report that says something new. Thread-safe.
 */
public final class MetricScorer implements PlacementScorer {
  private final WorkerMetrics metrics;
  private final Rule rule;
  private final double bytesPerSecond;

  /** A score from what a worker reported. */
  @FunctionalInterface
  interface Rule {
    /** The worker holds the chunk: what it brings is in the report already. */
    double HELD = -1;

    /**
     * The score of a chunk on a worker.
     *
     * @param coming reads per second that the chunk would bring, or {@link #HELD}
     */
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

  /** The same scorer with a cost of moves: the time that a copy takes at this speed, above 0. */
  public MetricScorer withCopySpeed(double bytesEachSecond) {
    if (!Double.isFinite(bytesEachSecond) || bytesEachSecond <= 0) {
      throw new IllegalArgumentException(
          "speed is " + bytesEachSecond + "; finite and above 0 is accepted");
    }
    return new MetricScorer(metrics, rule, bytesEachSecond);
  }

  Rule rule() {
    return rule;
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

  @Override
  public boolean isThreadSafe() {
    return true;
  }
}
