package dev.stowage.columns;

/**
 * Escapes and shortens texts from outside (a store, a client, a file, a server) that an error or a
 * line of a log quotes. Any length comes in; the result is bounded.
 */
public final class ForeignText {
  private static final int LONGEST_MESSAGE = 32_768;

  private ForeignText() {}

  /** Returns a quoted text, escaped for terminals, and cut in its midst if longer than a name. */
  public static String quoted(String text) {
    return shown(text, NameRule.MAX_LENGTH);
  }

  /** Returns a message that may quote such texts, escaped, and cut in its midst if very long. */
  public static String message(String message) {
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
