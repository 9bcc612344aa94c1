package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.time.Duration;
import java.util.Objects;

/** Logical time from the caller, at least 0: seconds in production, a counter in tests. */
public record Tick(long value) implements Comparable<Tick> {
  /** The form of a tick: its number. */
  static final Form<Tick> FORM = Forms.number(Tick::of, Tick::value);

  /** Throws {@link IllegalArgumentException} for a value below 0. */
  public Tick {
    Names.atLeast(value, 0, "tick");
  }

  /** Returns the tick with this value. */
  public static Tick of(long value) {
    return new Tick(value);
  }

  @Override
  public int compareTo(Tick other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }

  /** The length of a tick in nanoseconds, at least 1. */
  public record TickLength(long nanos) {
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

    /** Throws {@link IllegalArgumentException} for a length below 1. */
    public TickLength {
      Names.atLeast(nanos, 1, "length of a tick in nanoseconds");
    }

    /** Returns a length of 1 to 2^63 - 1 ns; throws {@link IllegalArgumentException} otherwise. */
    public static TickLength of(Duration length) {
      Objects.requireNonNull(length, "length");
      if (length.isNegative() || length.isZero() || length.compareTo(MOST) > 0) {
        throw new IllegalArgumentException(
            "a tick lasts " + length + "; above zero and below 292 years is accepted");
      }
      return new TickLength(length.toNanos());
    }

    /**
     * Returns the ticks in 0 to 2^63 - 1 nanoseconds, rounded up so that no wait is cut short.
     * Throws {@link IllegalArgumentException}, with {@code name} in the message, for any other
     * duration.
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

    /** Returns the length as a duration. */
    public Duration duration() {
      return Duration.ofNanos(nanos);
    }
  }
}
