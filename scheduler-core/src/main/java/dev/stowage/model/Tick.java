package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * Logical time that the caller supplies: seconds in production, a counter in tests. Never read from
 * a clock.
 *
 * @param value at least 0
 */
public record Tick(long value) implements Comparable<Tick> {
  /** The form of a tick: its number. */
  public static final Form<Tick> FORM = Forms.number(Tick::of, Tick::value);

  /** Refuses a value below 0 with {@link IllegalArgumentException}. */
  public Tick {
    Names.atLeast(value, 0, "tick");
  }

  /** The tick with this value. */
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
