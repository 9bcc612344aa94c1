package dev.stowage.model;

import java.util.Objects;

/** A broken invariant: a bug of Stowage. The step that finds it stops and repairs nothing. */
public class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  /** Creates a violation of an invariant that the audit names, with the values that show it. */
  public InvariantViolation(String invariant, String found) {
    super(Objects.requireNonNull(invariant, "invariant") + ": " + found);
    this.invariant = invariant;
  }

  /** Returns the name of the broken invariant. */
  public final String invariant() {
    return invariant;
  }
}
