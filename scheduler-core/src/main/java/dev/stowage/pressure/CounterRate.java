package dev.stowage.pressure;

import dev.stowage.columns.Nanos;

/** Computes the rate of a counter between its two latest readings. */
final class CounterRate {
  private long count;
  private long atNanos;
  private boolean any;
  private double latest = Double.NaN;

  /** Returns counts per nanosecond; NaN at the first reading and after a counter reset. */
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
