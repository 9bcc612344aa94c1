package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * One life of a worker's disk, counted up from 1 by the store; 0 while the worker has never
 * registered.
 *
 * @param value at least 0
 */
public record Incarnation(long value) implements Comparable<Incarnation> {
  /** The form of an incarnation: its number. */
  public static final Form<Incarnation> FORM = Forms.number(Incarnation::of, Incarnation::value);

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
