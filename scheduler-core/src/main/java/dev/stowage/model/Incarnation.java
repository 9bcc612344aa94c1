package dev.stowage.model;

/**
 * One life of a worker's disk, counted up from 1 by the store; 0 while the worker has never
 * registered.
 *
 * @param value at least 0
 */
public record Incarnation(long value) implements Comparable<Incarnation> {
  /** Refuses a value below 0 with {@link IllegalArgumentException}. */
  public Incarnation {
    Names.atLeast(value, 0, "incarnation");
  }

  /** The incarnation with this value. */
  public static Incarnation of(long value) {
    return new Incarnation(value);
  }

  @Override
  public int compareTo(Incarnation other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
