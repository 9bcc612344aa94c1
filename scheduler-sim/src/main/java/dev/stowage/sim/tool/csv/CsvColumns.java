package dev.stowage.sim.tool.csv;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The columns that a reader knows. Others in the file are ignored.
 *
 * @param required those without which the file is refused
 * @param optional those that may be absent
 * @param others the required columns of the files that a user may mistake for this one, by name
 */
public record CsvColumns(
    List<String> required, List<String> optional, Map<String, List<String>> others) {
  /** Keeps copies. */
  public CsvColumns {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
    others = Collections.unmodifiableMap(new TreeMap<>(others));
  }

  /** Creates columns of a file that is not one of several. */
  public CsvColumns(List<String> required, List<String> optional) {
    this(required, optional, Map.of());
  }

  /**
   * Returns the required columns of one of several files, to tell a file in the place of another.
   *
   * @param file a name of {@code files}
   * @param files the required columns of each file, by the name that a user knows it by
   */
  public static CsvColumns of(String file, Map<String, List<String>> files) {
    return new CsvColumns(Objects.requireNonNull(files.get(file), file), List.of(), files);
  }

  /** Returns the name of the other file whose required columns are all in a header. */
  Optional<String> otherFile(List<String> header) {
    return others.entrySet().stream()
        .filter(other -> header.containsAll(other.getValue()))
        .max(Comparator.comparingInt(other -> other.getValue().size()))
        .map(Map.Entry::getKey);
  }

  /** Returns required columns. */
  public static CsvColumns required(String... names) {
    return new CsvColumns(List.of(names), List.of());
  }

  /** Returns these columns with further, optional ones. */
  public CsvColumns withOptional(String... names) {
    return new CsvColumns(required, List.of(names), others);
  }

  boolean knows(String name) {
    return required.contains(name) || optional.contains(name);
  }
}
