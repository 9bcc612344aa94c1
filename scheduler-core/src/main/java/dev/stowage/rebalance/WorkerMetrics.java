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
 * What workers report about themselves: the feed of the ready scorers. A report is refused, and
 * counted, if a number is not finite or out of its range; the former one then stands.
 *
 * <p>Thread-safe: reports come from any thread, and a scorer reads one consistent report at a time.
 */
public final class WorkerMetrics {
  private final TreeMap<WorkerId, Known> workers = new TreeMap<>();
  private @Nullable Fleet fleet;
  private long refused;
  private long lastVersion;

  /**
   * What a worker says about itself.
   *
   * @param usedBytes bytes on its disk, at least 0
   * @param capacityBytes bytes that it may hold, at least 1
   * @param readsPerSecond reads it serves, finite, at least 0
   * @param ratedReadsPerSecond reads it can serve, finite, above 0
   * @param readLatencyMillis what a read takes, finite, at least 0
   */
  public record Report(
      long usedBytes,
      long capacityBytes,
      double readsPerSecond,
      double ratedReadsPerSecond,
      double readLatencyMillis) {
    /** A report of an idle worker of this capacity, rated at one read per second. */
    public static Report idle(long capacityBytes) {
      return new Report(0, capacityBytes, 0, 1, 0);
    }

    /** The same report with other bytes on disk. */
    public Report withUsedBytes(long bytes) {
      return new Report(
          bytes, capacityBytes, readsPerSecond, ratedReadsPerSecond, readLatencyMillis);
    }

    /** The same report with other reads: those served, and those that it can serve. */
    public Report withReads(double served, double rated) {
      return new Report(usedBytes, capacityBytes, served, rated, readLatencyMillis);
    }

    /** The same report with another latency. */
    public Report withReadLatencyMillis(double millis) {
      return new Report(usedBytes, capacityBytes, readsPerSecond, ratedReadsPerSecond, millis);
    }

    /** Why the report cannot be used; empty if it can. */
    public Optional<String> problem() {
      if (usedBytes < 0 || capacityBytes < 1) {
        return Optional.of("bytes are " + usedBytes + " of " + capacityBytes);
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
                  + " per second, latency "
                  + readLatencyMillis
                  + " ms");
    }

    private static boolean isAmount(double value) {
      return Double.isFinite(value) && value >= 0;
    }
  }

  /** A worker as it is known: immutable, replaced by each report. */
  record Known(Report report, Map<ChunkKey, Double> readsByChunk, double hottest, long version) {
    double reads(ChunkKey chunk) {
      return readsByChunk.getOrDefault(chunk, 0.0);
    }
  }

  /** A feed that knows no worker. */
  public WorkerMetrics() {}

  /** Takes in a report in which reads are not told apart by chunk. */
  public boolean report(WorkerId worker, Report report) {
    return report(worker, report, Map.of());
  }

  /**
   * Takes in a report.
   *
   * @param readsByChunk reads per second by chunk, finite, at least 0; those of other chunks count
   *     as 0
   * @return whether it was taken
   */
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
      // never used twice: a worker that was forgotten and reports again says something new
      workers.put(worker, new Known(report, reads, hottest, ++lastVersion));
      fleet = null;
    }
    return true;
  }

  /** Forgets a worker; whether it was known. */
  public synchronized boolean forget(WorkerId worker) {
    boolean known = workers.remove(worker) != null;
    fleet = null;
    return known;
  }

  /** How many reports were refused. */
  public synchronized long refused() {
    return refused;
  }

  /** The workers that have reported, by ascending id. */
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
