package dev.stowage.model;

import dev.stowage.columns.NameRule;
import java.util.Objects;

/** Checks of names and lower bounds. */
final class Names {
  /** The longest accepted name, in UTF-16 units. */
  static final int MAX_LENGTH = NameRule.MAX_LENGTH;

  private Names() {}

  /** Returns {@code value}; throws {@code IllegalArgumentException} if it cannot be a name. */
  static String checked(String value, String what) {
    Objects.requireNonNull(value, what);
    String violation = NameRule.violation(value, what);
    if (violation != null) {
      throw new IllegalArgumentException(violation);
    }
    return value;
  }

  /** Throws {@code IllegalArgumentException} if {@code value} is below {@code least}. */
  static void atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
  }
}
