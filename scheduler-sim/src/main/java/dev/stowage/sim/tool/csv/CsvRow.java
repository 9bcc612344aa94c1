package dev.stowage.sim.tool.csv;

import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One record of a file. An accessor whose field is not acceptable records a problem and answers
 * empty, so that a reader can look at all fields of a row before it gives the row up.
 *
 * <p>Valid only while the reader hands it out. Not thread-safe.
 */
public final class CsvRow {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final String BYTES = "a whole number of bytes, such as 1048576, 1MiB or 1MB";
  private static final int LONGEST_NUMBER = 19;

  private final String file;
  private final ProblemList problems;
  private final Map<String, Integer> places;
  private long line;
  private List<String> fields = List.of();

  CsvRow(String file, ProblemList problems, Map<String, Integer> places) {
    this.file = file;
    this.problems = problems;
    this.places = places;
  }

  CsvRow moveTo(long newLine, List<String> newFields) {
    line = newLine;
    fields = newFields;
    return this;
  }

  /** Returns the line on which the record starts, counted from 1. */
  public long line() {
    return line;
  }

  /** Reports whether the file has this column. */
  public boolean hasColumn(String column) {
    return places.containsKey(column);
  }

  /** Reports whether the file has this column and the row a value in it. */
  public boolean has(String column) {
    Integer place = places.get(column);
    return place != null && !fields.get(place).isEmpty();
  }

  /** Returns the text of a column that must not be empty. A missing column was reported before. */
  public Optional<String> text(String column) {
    Integer place = places.get(column);
    if (place == null) {
      return Optional.empty();
    }
    String text = fields.get(place);
    if (text.isEmpty()) {
      refuse(column, "a value", "an empty field");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  /** Returns a whole number in decimal digits only, from {@code least} to {@code most}. */
  public OptionalLong number(String column, long least, long most) {
    Optional<String> text = text(column);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong number = decimal(text.get());
    if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
      refuse(
          column, "a whole number from " + least + " to " + most, InputProblem.quoted(text.get()));
      return OptionalLong.empty();
    }
    return number;
  }

  /** Returns a number of bytes: decimal digits, or a size with a unit such as {@code 4GiB}. */
  public OptionalLong bytes(String column) {
    Optional<String> text = text(column);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return text.get().endsWith("B")
          ? OptionalLong.of(Sizes.read(text.get()))
          : OptionalLong.of(decimal(text.get()).orElseThrow());
    } catch (UnreadableWord | NoSuchElementException refused) {
      refuse(column, BYTES, InputProblem.quoted(text.get()));
      return OptionalLong.empty();
    }
  }

  /**
   * Returns the value that {@code reading} makes of a column that must not be empty.
   *
   * @param column the column
   * @param expected the accepted values, for the message
   * @param reading throws {@link IllegalArgumentException} for a value that is not accepted
   */
  public <T> Optional<T> value(String column, String expected, Function<String, T> reading) {
    Optional<String> text = text(column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Objects.requireNonNull(reading.apply(text.get())));
    } catch (IllegalArgumentException refused) {
      refuse(column, expected, InputProblem.quoted(text.get()));
      return Optional.empty();
    }
  }

  /** Records that a field of this row is not acceptable. */
  public void refuse(String column, String expected, String found) {
    refuseAt(line, column, expected, found);
  }

  private void refuseAt(long place, String column, String expected, String found) {
    problems.add(new InputProblem(file, place, column, expected, found));
  }

  private static OptionalLong decimal(String text) {
    if (!DIGITS.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    int zeros = 0;
    while (zeros < text.length() - 1 && text.charAt(zeros) == '0') {
      zeros++;
    }
    String digits = text.substring(zeros);
    if (digits.length() > LONGEST_NUMBER
        || (digits.length() == LONGEST_NUMBER
            && digits.compareTo(Long.toString(Long.MAX_VALUE)) > 0)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(digits));
  }
}
