package dev.stowage.columns;

import org.jspecify.annotations.Nullable;

/** The one rule for every name that users choose: what is accepted, and how a refusal reads. */
public final class NameRule {
  /** Longest accepted name, in UTF-16 units; keeps every key below a database's index row limit. */
  public static final int MAX_LENGTH = 512;

  private NameRule() {}

  /**
   * What keeps a text from being a name, which has 1 to {@value #MAX_LENGTH} units, is well-formed,
   * and has no control characters.
   *
   * @param what what is to have the name, the first word of the answer
   * @return null where it can be one
   */
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

  /**
   * Returns what keeps a text that need not be a name from being stored: it is not well-formed, or
   * holds a null character; null if nothing does.
   */
  public static @Nullable String unstorable(String text, String what) {
    if (!Utf8Order.isWellFormed(text)) {
      return what + " holds an unpaired surrogate";
    }
    return text.indexOf('\0') >= 0 ? what + " holds a null character" : null;
  }

  /** Whether it is printable ASCII throughout: almost all names are, and every key is looked at. */
  private static boolean isPlain(String text) {
    int outside = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      outside |= (unit - ' ') | ('~' - unit);
    }
    return outside >= 0;
  }
}
