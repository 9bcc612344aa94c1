package dev.stowage.deterministic.queues;

import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;

/**
 * Logical time: an unsigned 64-bit counter. It orders events and measures nothing; in particular it
 * is not a wall clock.
 *
 * @param bits the unsigned value; every {@code long} is legal, -1 being the greatest
 */
public record Timestamp(long bits) implements Comparable<Timestamp> {
  /** The least timestamp, 0. */
  public static final Timestamp ZERO = new Timestamp(0);

  /** The greatest timestamp, 2^64-1. */
  public static final Timestamp MAX = new Timestamp(-1L);

  /** The timestamp of these unsigned bits. */
  public static Timestamp of(long bits) {
    return new Timestamp(bits);
  }

  /**
   * The timestamp written in decimal, 0 to 18446744073709551615.
   *
   * @throws NumberFormatException if the text is not such a number
   */
  public static Timestamp parse(String decimal) {
    return new Timestamp(Long.parseUnsignedLong(decimal));
  }

  /**
   * The next timestamp; {@link #MAX} stays itself. A clock refuses instead, see {@link
   * ClockExhausted}.
   */
  public Timestamp increment() {
    return bits == -1L ? this : new Timestamp(bits + 1);
  }

  /** The later of the two. */
  public Timestamp maxWith(Timestamp other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** Whether this is strictly before the other one. */
  public boolean happensBefore(Timestamp other) {
    return compareTo(other) < 0;
  }

  /** Whether neither happens before the other. */
  public boolean isConcurrentWith(Timestamp other) {
    return bits == other.bits;
  }

  @Override
  public int compareTo(Timestamp other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  /** The unsigned decimal. */
  @Override
  public String toString() {
    return Long.toUnsignedString(bits);
  }
}
