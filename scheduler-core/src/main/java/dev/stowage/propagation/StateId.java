package dev.stowage.propagation;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** The id of a state, an unsigned 64-bit number, unrelated to the numbers of nodes. */
public record StateId(long value) implements Comparable<StateId> {
  static final Form<StateId> FORM = Forms.unsigned(StateId::of, StateId::value);

  /** Returns the state with this number. */
  public static StateId of(long value) {
    return new StateId(value);
  }

  /** Returns the state {@code steps} numbers further on, wrapping to 0 after the greatest. */
  public StateId plus(long steps) {
    return new StateId(value + steps);
  }

  @Override
  public int compareTo(StateId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "state " + Long.toUnsignedString(value);
  }
}
