package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import java.util.Objects;

/** The one rule for every name that users choose: what is accepted, and how a refusal reads. */
final class Names {
  /** Longest accepted name, in UTF-16 units; keeps every key below a database's index row limit. */
  static final int MAX_LENGTH = 512;

  private Names() {}

  /**
   * Returns {@code value} if it can be a name: 1 to {@value #MAX_LENGTH} units, well-formed,
   * without control characters.
   */
  static String checked(String value, String what) {
    Objects.requireNonNull(value, what);
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          what + " has " + value.length() + " characters; 1 to " + MAX_LENGTH + " are accepted");
    }
    if (!Utf8Order.isWellFormed(value)) {
      throw new IllegalArgumentException(what + " holds an unpaired surrogate");
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new IllegalArgumentException(what + " holds a control character at position " + i);
      }
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
