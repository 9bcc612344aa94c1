package dev.stowage.content;

import java.util.Arrays;

/**
 * How long items had waited when they went out, in the caller's time: one bucket for no wait, and
 * one for each power of two nanoseconds. An immutable picture.
 */
public final class WaitHistogram {
  private static final int BUCKETS = 64;

  private final long[] counts;

  WaitHistogram(long[] counts) {
    this.counts = counts.clone();
  }

  static long[] empty() {
    return new long[BUCKETS];
  }

  static int bucketOf(long nanos) {
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
