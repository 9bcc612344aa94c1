package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** The ordinal of a life of a worker's disk, 1 for the first; 0 before its first registration. */
public record Incarnation(long value) implements Comparable<Incarnation> {
  /** The form of an incarnation: its number. */
  static final Form<Incarnation> FORM = Forms.number(Incarnation::of, Incarnation::value);

  /** Throws {@link IllegalArgumentException} for a value below 0. */
  public Incarnation {
    Names.atLeast(value, 0, "incarnation");
  }

  /** Returns the incarnation with this value. */
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
