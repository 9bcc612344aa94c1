package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationReason;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The counts of a scheduler; sums saturate. Latencies include waiting: the peak in nanoseconds, the
 * mean in milliseconds. Sequence gaps are numbers not yet received; forced keyframes went to nodes
 * without a version to continue; the clock counts are of readings before an earlier one, and of
 * refused ones.
 */
public record PropagationStats(
    long updates,
    long sends,
    long bytes,
    double averageLatencyMillis,
    long peakLatencyNanos,
    LatencyHistogram latencies,
    Map<PropagationReason, Long> notSent,
    long sequenceGaps,
    long withdrawn,
    long keyframesForced,
    long unknownNodes,
    long clockBack,
    long clockAhead) {
  /** Copies the map. */
  public PropagationStats {
    Objects.requireNonNull(latencies, "latencies");
    notSent = Collections.unmodifiableMap(new EnumMap<>(notSent));
  }

  /** Returns the number of updates not sent for this reason. */
  public long notSent(PropagationReason reason) {
    return notSent.getOrDefault(reason, 0L);
  }

  /** Returns the planned deliveries that were superseded, dropped for the budget, or cut off. */
  public long dropped() {
    return notSent(PropagationReason.SUPERSEDED)
        + notSent(PropagationReason.BUDGET)
        + notSent(PropagationReason.UNREACHABLE);
  }

  /**
   * A histogram of latencies: bucket 0 counts those below 1 microsecond, bucket {@code i} those
   * from {@code 2^(i-1)} to below {@code 2^i} microseconds. Immutable and thread-safe.
   */
  public static final class LatencyHistogram {
    /** The number of buckets. */
    public static final int BUCKETS = 55;

    private static final long MICRO = 1_000;

    private final long[] counts;

    /** Creates a histogram of {@code counts}, indexed by bucket. */
    public LatencyHistogram(long[] counts) {
      this.counts = counts.clone();
    }

    /** Returns the bucket of a latency in nanoseconds. */
    public static int bucketOf(long latencyNanos) {
      return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, latencyNanos) / MICRO);
    }

    /** Returns the count of a bucket, 0 to {@link #BUCKETS} - 1. */
    public long count(int bucket) {
      return counts[bucket];
    }

    /** Returns the number of latencies. */
    public long total() {
      return Arrays.stream(counts).sum();
    }

    /**
     * Returns a latency in nanoseconds that {@code percent} of all, 0 to 100, do not exceed: the
     * end of a bucket, at most twice the true one; 0 if there is none.
     */
    public long atMostNanos(int percent) {
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException("percent is " + percent + "; 0 to 100 is accepted");
      }
      long total = total();
      long wanted = total / 100 * percent + (total % 100 * percent + 99) / 100;
      long seen = 0;
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        seen += counts[bucket];
        if (seen >= wanted && seen > 0) {
          return bucket == BUCKETS - 1 ? Long.MAX_VALUE : (1L << bucket) * MICRO;
        }
      }
      return 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof LatencyHistogram that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
      return Arrays.toString(counts);
    }
  }
}
