package dev.stowage.propagation;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * What is heard of. A state and a node may have the same number; they are never confused.
 *
 * @param value an unsigned number of 64 bits
 */
public record StateId(long value) implements Comparable<StateId> {
  static final Form<StateId> FORM = Forms.unsigned(StateId::of, StateId::value);

  /** The state with this number. */
  public static StateId of(long value) {
    return new StateId(value);
  }

  /**
   * The state this many numbers further on, beginning at 0 again behind the largest.
   *
   * @param steps how many
   */
  public StateId plus(long steps) {
    return new StateId(value + steps);
  }

  /** Orders by the unsigned number. */
  @Override
  public int compareTo(StateId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "state " + Long.toUnsignedString(value);
  }
}
