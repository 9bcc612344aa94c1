package dev.stowage.audit;

import java.util.Objects;

/**
 * One broken promise, found in one place.
 *
 * @param invariant which promise
 * @param subject what broke it, such as {@code d/c@w} for a replica
 * @param found the values that show it
 */
public record Violation(Invariant invariant, String subject, String found) {
  /** Refuses nulls. */
  public Violation {
    Objects.requireNonNull(invariant, "invariant");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(found, "found");
  }

  /** The violation as {@code invariant: subject: found}. */
  @Override
  public String toString() {
    return invariant.title() + ": " + subject + ": " + found;
  }
}
