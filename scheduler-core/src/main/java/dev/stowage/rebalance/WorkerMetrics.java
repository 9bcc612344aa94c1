package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The reports of workers, read by the metric scorers. A report out of range is refused and counted.
 * Thread-safe: a scorer reads one consistent report at a time.
 */
public final class WorkerMetrics {
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

    /** Returns why the report cannot be used; empty if it can. */
    public Optional<String> problem() {
      if (usedBytes < 0 || capacityBytes < 1) {
        return Optional.of("usedBytes is " + usedBytes + ", capacityBytes is " + capacityBytes);
      }
      boolean isGood =
          isAmount(readsPerSecond)
              && isAmount(readLatencyMillis)
              && Double.isFinite(ratedReadsPerSecond)
              && ratedReadsPerSecond > 0;
      return isGood
          ? Optional.empty()
          : Optional.of(
              "reads are "
                  + readsPerSecond
                  + " of "
                  + ratedReadsPerSecond
                  + " per second, latency is "
                  + readLatencyMillis
                  + " ms");
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
        report.problem().isEmpty() && readsByChunk.values().stream().allMatch(Report::isAmount);
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
      // Versions are never reused, so a forgotten worker that reports again has a new one.
      workers.put(worker, new Known(report, reads, hottest, ++lastVersion));
      fleet = null;
    }
    return true;
  }

  /** Removes a worker; returns whether it was known. */
  public synchronized boolean forget(WorkerId worker) {
    boolean known = workers.remove(worker) != null;
    fleet = null;
    return known;
  }

  /** Returns the number of refused reports. */
  public synchronized long refused() {
    return refused;
  }

  /** Returns the workers that have reported, by ascending id. */
  public synchronized List<WorkerId> workers() {
    return fleet().workers();
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
