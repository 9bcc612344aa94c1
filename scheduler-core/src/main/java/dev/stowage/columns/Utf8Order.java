package dev.stowage.columns;

import java.util.Comparator;

/**
 * Orders strings by unsigned UTF-8 bytes, as byte-wise database collations do, unlike {@link
 * String#compareTo} for supplementary characters. Stateless and thread-safe.
 */
public final class Utf8Order {
  /** The order as a comparator; consistent with {@code equals}. */
  public static final Comparator<String> COMPARATOR = Utf8Order::compare;

  private Utf8Order() {}

  /** Compares two well-formed strings; returns a negative number, zero or a positive number. */
  public static int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Integer.compare(weight(a), weight(b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  public static boolean isWellFormed(String text) {
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
        return false;
      }
      i += Character.charCount(point);
    }
    return true;
  }

  /** Returns the length of the UTF-8 encoding of a well-formed string, in bytes. */
  public static int length(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x80) {
        // Both halves of a pair are counted as units, and take two bytes each.
        bytes += unit < 0x800 || Character.isSurrogate(unit) ? 1 : 2;
      }
    }
    return bytes;
  }

  /** Moves surrogates above all other units, where their code points belong. */
  private static int weight(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
  }
}
