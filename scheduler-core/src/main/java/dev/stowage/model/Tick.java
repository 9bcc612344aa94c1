package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

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
}
