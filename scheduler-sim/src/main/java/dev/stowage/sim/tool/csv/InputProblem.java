package dev.stowage.sim.tool.csv;

import java.util.Objects;

/**
 * One thing that is wrong with an input file.
 *
 * @param file the file as the user named it
 * @param line the line on which the record starts, counted from 1; 0 if the file as a whole is
 *     meant
 * @param field the column, or empty if the line as a whole is meant
 * @param expected what would have been accepted
 * @param found what was there instead
 */
public record InputProblem(String file, long line, String field, String expected, String found) {
  private static final int LONGEST_QUOTE = 60;

  /** Refuses a line below 0 with {@link IllegalArgumentException}. */
  public InputProblem {
    Objects.requireNonNull(file, "file");
    if (line < 0) {
      throw new IllegalArgumentException("line is " + line + "; at least 0 is accepted");
    }
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(found, "found");
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

  /** Returns {@code file:line: field: expected ..., found ...}, without inapplicable parts. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + (field.isEmpty() ? "" : field + ": ")
        + "expected "
        + expected
        + ", found "
        + found;
  }
}
