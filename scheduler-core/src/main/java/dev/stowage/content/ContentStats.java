package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts since a scheduler was made or cleared, and how it stands. An immutable picture.
 *
 * @param byClass counts of every class
 * @param flows flows with something waiting, by class, those that began last first
 * @param inFlight items in flight that are remembered
 * @param waitingForRetry failed items that wait for their next attempt
 * @param timeRegressions how often a time was given that lay before an earlier one
 * @param evidenceKept records in the log's memory, of all engines that share it; 0 without a log
 * @param evidenceTrimmed records trimmed from it; 0 without a log
 * @param band the band in force at the latest time given
 */
public record ContentStats(
    Map<PriorityClass, ClassStats> byClass,
    Map<PriorityClass, List<FlowStats>> flows,
    int inFlight,
    int waitingForRetry,
    long timeRegressions,
    long evidenceKept,
    long evidenceTrimmed,
    PressureBand band) {
  /** Copies the maps. */
  public ContentStats {
    byClass = Collections.unmodifiableMap(new EnumMap<>(byClass));
    flows = Collections.unmodifiableMap(new EnumMap<>(flows));
  }

  /**
   * Counts of one class.
   *
   * @param pendingItems items that wait
   * @param pendingBytes their bytes; like all sums of bytes at most the largest number
   * @param selected items that went out
   * @param selectedBytes their bytes
   * @param throttled answers "not now" while this class was the highest that waited
   * @param expired items dropped at their deadline
   * @param cancelled items cancelled while they waited or were in flight
   * @param shed items shed to make room
   * @param refused items that were not accepted
   * @param waits how long those that went out had waited
   */
  public record ClassStats(
      int pendingItems,
      long pendingBytes,
      long selected,
      long selectedBytes,
      long throttled,
      long expired,
      long cancelled,
      long shed,
      long refused,
      WaitHistogram waits) {}

  /**
   * How one flow stands in one class.
   *
   * @param tenant the tenant's name
   * @param named whether it is a stream
   * @param stream the stream's id
   * @param sentBytes what it sent since it became backlogged
   * @param deficitBytes what it may still send in its turn; below zero after a turn out of order
   */
  public record FlowStats(
      String tenant, boolean named, long stream, long sentBytes, long deficitBytes) {}

  /** Items that wait, in all. */
  public int pendingItems() {
    return byClass.values().stream().mapToInt(ClassStats::pendingItems).sum();
  }

  /** Items that went out, in all. */
  public long selected() {
    return byClass.values().stream().mapToLong(ClassStats::selected).sum();
  }

  /**
   * How long items had waited when they went out, in the caller's time: one bucket for no wait, and
   * one for each power of two nanoseconds. An immutable picture.
   */
  public static final class WaitHistogram {
    private static final int BUCKETS = 64;

    private final long[] counts;

    /** A histogram of these counts, one a bucket. */
    public WaitHistogram(long[] counts) {
      this.counts = counts.clone();
    }

    /** Counts of nothing, one a bucket. */
    public static long[] empty() {
      return new long[BUCKETS];
    }

    /** The bucket of a wait in nanoseconds. */
    public static int bucketOf(long nanos) {
      return 64 - Long.numberOfLeadingZeros(nanos);
    }

    /** Items counted. */
    public long count() {
      return Arrays.stream(counts).sum();
    }

    /** Items that had waited at least this long, to the accuracy of the buckets: never too few. */
    public long countFrom(long nanos) {
      long count = 0;
      for (int i = bucketOf(Math.max(0, nanos)); i < BUCKETS; i++) {
        count += counts[i];
      }
      return count;
    }

    /**
     * A bound that at least this share of the items did not exceed, in nanoseconds: the end of a
     * bucket. 0 if nothing was counted.
     *
     * @param permille 0 to 1,000
     */
    public long quantileNanos(int permille) {
      if (permille < 0 || permille > 1_000) {
        throw new IllegalArgumentException("permille is " + permille + "; 0 to 1000");
      }
      long all = count();
      long seen = 0;
      for (int i = 0; i < BUCKETS; i++) {
        seen += counts[i];
        if (all > 0 && seen * 1_000 >= all * permille) {
          return i == 0 ? 0 : i == 63 ? Long.MAX_VALUE : (1L << i) - 1;
        }
      }
      return 0;
    }
  }
}
