package dev.stowage.sim.tool.csv;

import dev.stowage.sim.kit.scenario.words.Nearest;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.Collection;

/**
 * One thing that is wrong with an input file.
 *
 * @param file the file as the user named it
 * @param line the line on which the record starts, counted from 1; 0 if the file as a whole is
 *     meant
 * @param field the column, or empty if the line as a whole is meant
 * @param expected what would have been accepted
 * @param found what was there instead
 * @param hint what may have been meant, with a blank at its end, or empty
 */
public record InputProblem(
    String file, long line, String field, String expected, String found, String hint) {
  private static final int LONGEST_QUOTE = 60;

  /** Refuses a line below 0 with {@link IllegalArgumentException}. */
  public InputProblem {
    if (line < 0) {
      throw new IllegalArgumentException("line is " + line + "; at least 0 is accepted");
    }
  }

  /** Creates a problem without a hint. */
  public InputProblem(String file, long line, String field, String expected, String found) {
    this(file, line, field, expected, found, "");
  }

  /** Returns this problem with the nearest of {@code words}, if {@code word} is near one. */
  public InputProblem meaning(String word, Collection<String> words) {
    return new InputProblem(file, line, field, expected, found, Nearest.hint(word, words));
  }

  /** Returns the problem of a word. */
  public static InputProblem of(String file, long line, String field, UnreadableWord word) {
    return new InputProblem(file, line, field, word.expected(), word.found(), word.hint());
  }

  /** Returns a problem of the file as a whole. */
  public static InputProblem ofFile(String file, String expected, String found) {
    return new InputProblem(file, 0, "", expected, found);
  }

  /** Returns {@code text} quoted, cut to a readable length, with control characters visible. */
  public static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    int length = Math.min(text.length(), LONGEST_QUOTE);
    for (int i = 0; i < length; i++) {
      char unit = text.charAt(i);
      if (Character.isISOControl(unit)) {
        shown.append("\\u").append(Integer.toHexString(0x10000 | unit).substring(1));
      } else {
        shown.append(unit);
      }
    }
    return shown.append(length < text.length() ? "...'" : "'").toString();
  }

  /**
   * Returns {@code file:line: field: expected ..., found ...}, or the hint for what is expected.
   */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + (field.isEmpty() ? "" : field + ": ")
        + (hint.isEmpty() ? "expected " + expected + ", " : hint)
        + "found "
        + found;
  }
}
