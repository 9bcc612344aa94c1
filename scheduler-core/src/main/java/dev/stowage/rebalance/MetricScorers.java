package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorers.MetricScorer.Rule;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
        (chunk, known, coming) -> {
          double used =
              known.report().usedBytes() + (coming == Rule.HELD ? 0.0 : chunk.sizeBytes());
          return 1 - used / known.report().capacityBytes();
        });
  }

  /**
   * Returns a scorer of idleness: {@code 1 - reads / rated x (1 + heat) / 2}, heat being the
   * chunk's reads divided by those of the worker's hottest chunk, or 1 without reads by chunk.
   */
  public static MetricScorer readLoad(WorkerMetrics metrics) {
    return new MetricScorer(
        metrics,
        (chunk, known, coming) -> {
          double own = coming == Rule.HELD ? known.reads(chunk.key()) : coming;
          double reads = known.report().readsPerSecond() + Math.max(0, coming);
          double hottest = Math.max(known.hottest(), own);
          double heat = hottest == 0 ? 1 : own / hottest;
          double load = reads / known.report().ratedReadsPerSecond();
          return 1 - load * (1 + heat) / 2;
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
        (chunk, known, coming) ->
            (worstMillis - known.report().readLatencyMillis()) / (worstMillis - bestMillis));
  }

  /**
   * A scorer over reported metrics. Its alternative is the best live score, ties to the smallest
   * id; a fingerprint changes with each new report. Thread-safe.
   */
  public static final class MetricScorer implements PlacementScorer {
    private final WorkerMetrics metrics;
    private final Rule rule;
    private final double bytesPerSecond;

    /** A score by a worker's report, of which what is outside of 0 to 1 is cut. */
    @FunctionalInterface
    interface Rule {
      /** The value of {@code coming} if the worker holds the chunk. */
      double HELD = -1;

      /** Scores a chunk that would bring {@code coming} reads per second, or {@link #HELD}. */
      double score(ScoredChunk chunk, WorkerMetrics.Known known, double coming);

      default double within(ScoredChunk chunk, WorkerMetrics.Known known, double coming) {
        return Math.max(0, Math.min(1, score(chunk, known, coming)));
      }
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
      return known == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(rule.within(chunk, known, Rule.HELD));
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
          double score = rule.within(chunk, fleet.known().get(i), coming);
          best = best == null || score > best.score() ? new Alternative(worker, score) : best;
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
      Duration transfer = Duration.ofNanos((long) (seconds * 1e9));
      return Optional.of(new MigrationCost(transfer, Duration.ZERO, chunk.sizeBytes(), 1));
    }
  }

  /**
   * The reports of workers, read by the metric scorers. A report out of range is refused and
   * counted. Thread-safe: a scorer reads one consistent report at a time.
   */
  public static final class WorkerMetrics {
    private final TreeMap<WorkerId, Known> workers = new TreeMap<>();
    private @Nullable Fleet fleet;
    private long refused;
    private long lastVersion;

    /**
     * A report of a worker.
     *
     * @param usedBytes bytes on its disk, at least 0
     * @param capacityBytes its capacity in bytes, at least 1
     * @param readsPerSecond reads served, finite, at least 0
     * @param ratedReadsPerSecond reads it can serve, finite, above 0
     * @param readLatencyMillis time of a read, finite, at least 0
     */
    public record Report(
        long usedBytes,
        long capacityBytes,
        double readsPerSecond,
        double ratedReadsPerSecond,
        double readLatencyMillis) {
      /** Returns a report of an idle worker, rated at one read per second. */
      public static Report idle(long capacityBytes) {
        return new Report(0, capacityBytes, 0, 1, 0);
      }

      /** Returns this report with other bytes on disk. */
      public Report withUsedBytes(long bytes) {
        return new Report(
            bytes, capacityBytes, readsPerSecond, ratedReadsPerSecond, readLatencyMillis);
      }

      /** Returns this report with other reads per second, served and rated. */
      public Report withReads(double served, double rated) {
        return new Report(usedBytes, capacityBytes, served, rated, readLatencyMillis);
      }

      /** Returns this report with another latency. */
      public Report withReadLatencyMillis(double millis) {
        return new Report(usedBytes, capacityBytes, readsPerSecond, ratedReadsPerSecond, millis);
      }

      private boolean isUsable() {
        return usedBytes >= 0
            && capacityBytes >= 1
            && isAmount(readsPerSecond)
            && isAmount(readLatencyMillis)
            && isAmount(ratedReadsPerSecond)
            && ratedReadsPerSecond > 0;
      }

      private static boolean isAmount(double value) {
        return Double.isFinite(value) && value >= 0;
      }
    }

    /** The last report of a worker. Immutable; replaced by each new report. */
    record Known(Report report, Map<ChunkKey, Double> readsByChunk, double hottest, long version) {
      double reads(ChunkKey chunk) {
        return readsByChunk.getOrDefault(chunk, 0.0);
      }
    }

    /** Creates a feed without workers. */
    public WorkerMetrics() {}

    /** Stores a report without reads by chunk; returns false if refused. */
    public boolean report(WorkerId worker, Report report) {
      return report(worker, report, Map.of());
    }

    /** Stores a report; false if refused. Reads are per second by chunk, finite, at least 0. */
    public synchronized boolean report(
        WorkerId worker, Report report, Map<ChunkKey, Double> readsByChunk) {
      boolean isGood =
          report.isUsable() && readsByChunk.values().stream().allMatch(Report::isAmount);
      if (!isGood) {
        refused++;
        return false;
      }
      Known former = workers.get(worker);
      Map<ChunkKey, Double> reads = new HashMap<>(readsByChunk);
      double hottest = reads.values().stream().mapToDouble(rate -> rate).max().orElse(0);
      boolean isSame =
          former != null && former.report.equals(report) && former.readsByChunk.equals(reads);
      if (!isSame) {
        workers.put(worker, new Known(report, reads, hottest, ++lastVersion));
        fleet = null;
      }
      return true;
    }

    /** Returns the number of refused reports. */
    public synchronized long refused() {
      return refused;
    }

    /** All workers at one moment, by ascending id. */
    record Fleet(List<WorkerId> workers, List<Known> known) {}

    synchronized Fleet fleet() {
      Fleet now = fleet;
      if (now == null) {
        now = new Fleet(List.copyOf(workers.keySet()), List.copyOf(workers.values()));
        fleet = now;
      }
      return now;
    }

    synchronized @Nullable Known known(WorkerId worker) {
      return workers.get(worker);
    }
  }
}
