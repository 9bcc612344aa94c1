package dev.stowage.sim.tool.csv;

import java.util.List;

/**
 * The columns that a reader knows. Others in the file are ignored.
 *
 * @param required those without which the file is refused
 * @param optional those that may be absent
 */
public record CsvColumns(List<String> required, List<String> optional) {
  /** Keeps copies. */
  public CsvColumns {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
  }

  /** Returns required columns. */
  public static CsvColumns required(String... names) {
    return new CsvColumns(List.of(names), List.of());
  }

  /** Returns these columns with further, optional ones. */
  public CsvColumns withOptional(String... names) {
    return new CsvColumns(required, List.of(names));
  }

  boolean knows(String name) {
    return required.contains(name) || optional.contains(name);
  }
}
