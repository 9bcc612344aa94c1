package dev.stowage.propagation;

import java.util.Arrays;

/**
 * How often which latency was seen: bucket 0 counts those below a microsecond, bucket {@code i}
 * those of at least {@code 2^(i-1)} and below {@code 2^i} microseconds. Immutable and thread-safe.
 */
public final class LatencyHistogram {
  /** How many buckets there are. */
  public static final int BUCKETS = 55;

  private static final long MICRO = 1_000;

  private final long[] counts;

  LatencyHistogram(long[] counts) {
    this.counts = counts.clone();
  }

  static int bucketOf(long latencyNanos) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, latencyNanos) / MICRO);
  }

  /** How often a bucket was hit, 0 to {@link #BUCKETS} - 1. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** How many latencies there are in all. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * A latency that this share of all do not exceed, in nanoseconds: the upper end of a bucket, so
   * at most twice the true one; 0 without any.
   *
   * @param percent 0 to 100
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
