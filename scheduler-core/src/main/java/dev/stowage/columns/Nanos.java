package dev.stowage.columns;

import java.time.Duration;
import java.util.Objects;

/** Saturating arithmetic on nanoseconds. */
public final class Nanos {
  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

  /** Nanoseconds per second. */
  public static final long PER_SECOND = 1_000_000_000L;

  /** Nanoseconds per millisecond. */
  public static final long PER_MILLISECOND = 1_000_000L;

  private Nanos() {}

  /** Converts {@code time}; throws {@link IllegalArgumentException} outside 0 to 2^63 - 1 ns. */
  public static long of(Duration time, String name) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + time + "; zero to " + MOST + " is accepted");
    }
    return time.toNanos();
  }

  /** Converts {@code time}, at most to {@code Long.MAX_VALUE}, about 292 years. */
  public static long saturated(Duration time) {
    return time.compareTo(MOST) > 0 ? Long.MAX_VALUE : time.toNanos();
  }

  /** Returns the time from {@code from} to {@code to}: 0 to {@code Long.MAX_VALUE}. */
  public static long between(long from, long to) {
    if (to <= from) {
      return 0;
    }
    long difference = to - from;
    return difference < 0 ? Long.MAX_VALUE : difference;
  }

  /** Returns {@code time + nanos}, at most {@code Long.MAX_VALUE}. */
  public static long plus(long time, long nanos) {
    long sum = time + nanos;
    return nanos >= 0 && sum < time ? Long.MAX_VALUE : sum;
  }
}
