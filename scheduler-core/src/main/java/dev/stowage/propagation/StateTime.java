package dev.stowage.propagation;

/**
 * When a state was as an update says, by the clock of its source; nothing is decided by it.
 *
 * @param micros microseconds since an epoch of the source's choice, signed
 */
public record StateTime(long micros) implements Comparable<StateTime> {
  /** The epoch. */
  public static final StateTime ZERO = new StateTime(0);

  private static final long PER_MILLI = 1_000;

  /**
   * A time in milliseconds.
   *
   * @throws IllegalArgumentException if its microseconds do not fit 64 bits
   */
  public static StateTime ofMillis(long millis) {
    if (millis > Long.MAX_VALUE / PER_MILLI || millis < Long.MIN_VALUE / PER_MILLI) {
      throw new IllegalArgumentException(
          "millis is " + millis + "; at most " + Long.MAX_VALUE / PER_MILLI + " either way");
    }
    return new StateTime(millis * PER_MILLI);
  }

  /** The time in whole milliseconds, rounded down. */
  public long toMillis() {
    return Math.floorDiv(micros, PER_MILLI);
  }

  @Override
  public int compareTo(StateTime other) {
    return Long.compare(micros, other.micros);
  }
}
