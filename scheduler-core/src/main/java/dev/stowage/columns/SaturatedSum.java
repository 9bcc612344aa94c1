package dev.stowage.columns;

/** Sums that end at the largest number: a time or a size that is past it is never reached. */
public final class SaturatedSum {
  private SaturatedSum() {}

  /** The sum of two numbers of at least 0, or the largest one there is. */
  public static long of(long left, long right) {
    long sum = left + right;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
