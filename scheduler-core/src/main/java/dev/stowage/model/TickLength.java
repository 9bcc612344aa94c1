package dev.stowage.model;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a tick lasts; by it a time that a person sets becomes the ticks that are stored.
 *
 * @param nanos at least 1
 */
public record TickLength(long nanos) {
  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

  /** Refuses what is below 1 with {@link IllegalArgumentException}. */
  public TickLength {
    Names.atLeast(nanos, 1, "length of a tick in nanoseconds");
  }

  /**
   * Ticks of this length.
   *
   * @param length 1 nanosecond to 2^63 - 1 of them, which is 292 years
   * @throws IllegalArgumentException if it is outside that range
   */
  public static TickLength of(Duration length) {
    Objects.requireNonNull(length, "length");
    if (length.isNegative() || length.isZero() || length.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "a tick lasts " + length + "; above zero and below 292 years is accepted");
    }
    return new TickLength(length.toNanos());
  }

  /**
   * How many ticks a time lasts, rounded up: what is waited for is never cut short.
   *
   * @param time 0 to 2^63 - 1 nanoseconds, which is 292 years
   * @param name what the time is called where it is refused
   * @throws IllegalArgumentException if it is outside that range
   */
  public long ticks(Duration time, String name) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + time + "; zero to " + MOST + " is accepted");
    }
    long all = time.toNanos();
    return all / nanos + (all % nanos == 0 ? 0 : 1);
  }

  /** The same as a duration. */
  public Duration duration() {
    return Duration.ofNanos(nanos);
  }
}
