package dev.stowage.model;

import dev.stowage.columns.NameRule;
import java.util.Objects;

/** Refuses what cannot be a name, and numbers that are too small. */
final class Names {
  /** Longest accepted name, in UTF-16 units. */
  static final int MAX_LENGTH = NameRule.MAX_LENGTH;

  private Names() {}

  /** Returns {@code value} if it can be a name, by {@link NameRule}. */
  static String checked(String value, String what) {
    Objects.requireNonNull(value, what);
    String violation = NameRule.violation(value, what);
    if (violation != null) {
      throw new IllegalArgumentException(violation);
    }
    return value;
  }

  /** Refuses {@code value} if it is below {@code least}, and names both. */
  static void atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
  }
}
