package dev.stowage.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** An immutable table with one row of type {@code T} for each kind of command. */
public final class CommandTable<T extends CommandTable.Row> {
  private final TreeMap<Integer, T> rows = new TreeMap<>();

  /** The handling of one kind of command by one part of the library. */
  public interface Row {
    /** Returns the kind. */
    CommandKind<?, ?> kind();
  }

  /** Throws {@code IllegalArgumentException} naming every kind without or with several rows. */
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

  /** Returns the row of a kind. */
  public T of(CommandKind<?, ?> kind) {
    return numbered(kind.number()).orElseThrow();
  }

  /** Returns the row of the kind with this number; empty if no kind has it. */
  public Optional<T> numbered(int number) {
    return Optional.ofNullable(rows.get(number));
  }
}
