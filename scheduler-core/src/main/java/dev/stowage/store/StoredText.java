package dev.stowage.store;

import dev.stowage.columns.NameRule;

/** Escapes texts of a store for people. */
final class StoredText {
  private static final int LONGEST_MESSAGE = 32_768;

  private StoredText() {}

  static String printable(String stored) {
    return shown(stored, NameRule.MAX_LENGTH);
  }

  static String escaped(String message) {
    return shown(message, LONGEST_MESSAGE);
  }

  // The remedy ends a message, so the midst is cut.
  private static String shown(String text, int most) {
    if (text.length() <= most) {
      return shown(text, 0, text.length());
    }
    int half = most / 2;
    return shown(text, 0, half)
        + "[... "
        + (text.length() - 2 * half)
        + " characters ...]"
        + shown(text, text.length() - half, text.length());
  }

  private static String shown(String text, int from, int to) {
    StringBuilder shown = new StringBuilder(to - from);
    for (int at = from; at < to; ) {
      int next = text.codePointAt(at);
      at += Character.charCount(next);
      if (isSeen(next)) {
        shown.appendCodePoint(next);
      } else {
        shown.append("\\u{").append(Integer.toHexString(next)).append('}');
      }
    }
    return shown.toString();
  }

  private static boolean isSeen(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
