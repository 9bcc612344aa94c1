package dev.stowage.pressure;

import java.time.Duration;
import java.util.Objects;

/** Arithmetic on the caller's nanoseconds that saturates instead of wrapping. */
public final class Nanos {
  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

  /** One second. */
  public static final long PER_SECOND = 1_000_000_000L;

  /** One millisecond. */
  public static final long PER_MILLISECOND = 1_000_000L;

  private Nanos() {}

  /**
   * A time that a person sets.
   *
   * @param time 0 to 2^63 - 1 nanoseconds, which is 292 years
   * @param name what it is called where it is refused
   * @throws IllegalArgumentException if it is outside that range
   */
  public static long of(Duration time, String name) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + time + "; zero to " + MOST + " is accepted");
    }
    return time.toNanos();
  }

  /** Nanoseconds from one time to a later one: 0 if it is not later, at most the greatest long. */
  public static long between(long from, long to) {
    if (to <= from) {
      return 0;
    }
    long difference = to - from;
    return difference < 0 ? Long.MAX_VALUE : difference;
  }

  /** A time this much later; the greatest long if there is none. */
  public static long plus(long time, long nanos) {
    long sum = time + nanos;
    return nanos >= 0 && sum < time ? Long.MAX_VALUE : sum;
  }
}
