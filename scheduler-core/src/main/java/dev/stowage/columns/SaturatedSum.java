package dev.stowage.columns;

/** Sums that saturate at {@code Long.MAX_VALUE}. */
public final class SaturatedSum {
  private SaturatedSum() {}

  /** Returns the saturated sum of two numbers, both at least 0. */
  public static long of(long left, long right) {
    long sum = left + right;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
