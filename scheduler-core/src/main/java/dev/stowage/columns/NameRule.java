package dev.stowage.columns;

import org.jspecify.annotations.Nullable;

/** The rule for every name that users choose. */
public final class NameRule {
  /** Longest accepted name, in UTF-16 units; keeps every key below a database's index row limit. */
  public static final int MAX_LENGTH = 512;

  private NameRule() {}

  /** Returns why a text is no name (length, surrogates, control characters), or null. */
  public static @Nullable String violation(String text, String what) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return what + " has " + text.length() + " characters; 1 to " + MAX_LENGTH + " are accepted";
    }
    if (isPlain(text)) {
      return null;
    }
    if (!Utf8Order.isWellFormed(text)) {
      return what + " holds an unpaired surrogate";
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return what + " holds a control character at position " + i;
      }
    }
    return null;
  }

  /** Returns why a text cannot be stored, or null if it can. */
  public static @Nullable String unstorable(String text, String what) {
    if (!Utf8Order.isWellFormed(text)) {
      return what + " holds an unpaired surrogate";
    }
    return text.indexOf('\0') >= 0 ? what + " holds a null character" : null;
  }

  /** Reports whether the text is printable ASCII; a fast path, since all keys are checked. */
  private static boolean isPlain(String text) {
    int outside = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      outside |= (unit - ' ') | ('~' - unit);
    }
    return outside >= 0;
  }
}
