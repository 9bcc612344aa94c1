package dev.stowage.pressure;

/** How fast a counter grows, between the two latest times it was read. */
final class CounterRate {
  private long count;
  private long atNanos;
  private boolean any;
  private double latest = Double.NaN;

  /**
   * Counts per nanosecond; NaN if there is nothing to compare with: at the first time, and after a
   * counter began anew. When no time has passed the answer is the one before.
   */
  double perNano(long nowCount, long nowNanos) {
    long elapsed = Nanos.between(atNanos, nowNanos);
    if (any && elapsed == 0) {
      return latest;
    }
    long grown = nowCount - count;
    latest = any && grown >= 0 ? (double) grown / elapsed : Double.NaN;
    count = nowCount;
    atNanos = nowNanos;
    any = true;
    return latest;
  }
}
