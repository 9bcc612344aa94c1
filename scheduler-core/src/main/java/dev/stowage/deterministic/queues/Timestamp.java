package dev.stowage.deterministic.queues;

/** Logical time, an unsigned 64-bit counter of which -1 is the greatest; no wall clock. */
public record Timestamp(long bits) implements Comparable<Timestamp> {
  /** The least timestamp, 0. */
  public static final Timestamp ZERO = new Timestamp(0);

  /** The greatest timestamp, 2^64-1. */
  public static final Timestamp MAX = new Timestamp(-1L);

  /** Returns the timestamp of unsigned bits. */
  public static Timestamp of(long bits) {
    return new Timestamp(bits);
  }

  /** Returns the next timestamp; {@link #MAX} stays itself. */
  public Timestamp increment() {
    return bits == -1L ? this : new Timestamp(bits + 1);
  }

  /** Returns the later of the two. */
  public Timestamp maxWith(Timestamp other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** Reports whether this is strictly before the other one. */
  public boolean happensBefore(Timestamp other) {
    return compareTo(other) < 0;
  }

  /** Reports whether the two are equal, so that neither happens before the other. */
  public boolean isConcurrentWith(Timestamp other) {
    return bits == other.bits;
  }

  @Override
  public int compareTo(Timestamp other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(bits);
  }
}
