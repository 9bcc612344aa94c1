package dev.stowage.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One row for each kind of command: what one part of the library does with it. A table in which a
 * kind is forgotten, or stands twice, cannot be made, so the library does not start with one.
 * Immutable.
 *
 * @param <T> a row
 */
public final class CommandTable<T extends CommandTable.Row> {
  private final TreeMap<Integer, T> rows = new TreeMap<>();

  /** What one part of the library does with one kind of command. */
  public interface Row {
    /** The kind. */
    CommandKind<?, ?> kind();
  }

  /**
   * A table of these rows, in any order.
   *
   * @throws IllegalArgumentException naming every kind that has no row, or more than one
   */
  public CommandTable(List<? extends T> rows) {
    List<String> wrong = new ArrayList<>();
    for (T row : rows) {
      if (this.rows.put(row.kind().number(), row) != null) {
        wrong.add(row.kind() + " has two rows");
      }
    }
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      if (!this.rows.containsKey(kind.number())) {
        wrong.add(kind + " has no row");
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException("in a table of commands, " + String.join(", ", wrong));
    }
  }

  /** The row of a kind. */
  public T of(CommandKind<?, ?> kind) {
    return numbered(kind.number()).orElseThrow();
  }

  /** The row of the kind with this number; empty if none has it. */
  public Optional<T> numbered(int number) {
    return Optional.ofNullable(rows.get(number));
  }
}
