package dev.stowage.answer;

import java.util.Objects;

/**
 * One broken promise, found in one place.
 *
 * @param invariant the promise
 * @param subject the culprit, such as {@code d/c@w} for a replica
 * @param found the values that show it
 */
public record Violation(Invariant invariant, String subject, String found) {
  /** Throws {@link NullPointerException} if a component is null. */
  public Violation {
    Objects.requireNonNull(invariant, "invariant");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(found, "found");
  }

  /** Returns the violation as {@code invariant: subject: found}. */
  @Override
  public String toString() {
    return invariant.title() + ": " + subject + ": " + found;
  }
}
