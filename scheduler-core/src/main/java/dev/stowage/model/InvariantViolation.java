package dev.stowage.model;

import java.util.Objects;

/**
 * A promise of the library itself is broken: a bug of ours, never the caller's mistake and never
 * the environment's. The step in which it is found is stopped; nothing is repaired silently.
 */
public class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  /**
   * Names the broken promise.
   *
   * @param invariant its name, as the audit lists it
   * @param found what was found, with the values that show it
   */
  public InvariantViolation(String invariant, String found) {
    super(Objects.requireNonNull(invariant, "invariant") + ": " + found);
    this.invariant = invariant;
  }

  /** The name of the broken promise. */
  public final String invariant() {
    return invariant;
  }
}
