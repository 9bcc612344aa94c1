package dev.stowage.storage.postgres.sql;

import dev.stowage.model.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as the arrays that {@code unnest} takes, one for each column. The values of a row are given
 * in the order of the columns, each row the same way. Not thread-safe.
 */
public final class ColumnSet {
  private final int rows;
  private final List<Object> columns = new ArrayList<>();
  private int row;
  private int column;
  private long bytes;

  /** Room for exactly this many rows. */
  public ColumnSet(int rows) {
    this.rows = rows;
  }

  public ColumnSet text(@Nullable String value) {
    String[] cells = column(String[].class, () -> new String[rows]);
    if (value != null) {
      cells[row] = value;
    }
    return this;
  }

  public ColumnSet bytes(byte @Nullable [] value) {
    byte[][] cells = column(byte[][].class, () -> new byte[rows][]);
    if (value != null) {
      cells[row] = value;
      bytes += value.length;
    }
    return this;
  }

  public ColumnSet bigint(long value) {
    column(long[].class, () -> new long[rows])[row] = value;
    return this;
  }

  /** A number in a column that may hold nulls. */
  public ColumnSet nullable(@Nullable Long value) {
    Long[] cells = column(Long[].class, () -> new Long[rows]);
    if (value != null) {
      cells[row] = value;
    }
    return this;
  }

  /** A small number in a column that may hold nulls. */
  public ColumnSet nullableSmall(@Nullable Integer value) {
    Short[] cells = column(Short[].class, () -> new Short[rows]);
    if (value != null) {
      cells[row] = value.shortValue();
    }
    return this;
  }

  public ColumnSet integer(int value) {
    column(int[].class, () -> new int[rows])[row] = value;
    return this;
  }

  public ColumnSet small(int value) {
    column(short[].class, () -> new short[rows])[row] = (short) value;
    return this;
  }

  public ColumnSet flag(boolean value) {
    column(boolean[].class, () -> new boolean[rows])[row] = value;
    return this;
  }

  public void endRow() {
    if (column != columns.size()) {
      throw new InvariantViolation(
          "rows are whole", "row " + row + " has " + column + " of " + columns.size() + " columns");
    }
    row++;
    column = 0;
  }

  /** How many rows these are. */
  int rows() {
    return rows;
  }

  /** How long all values of columns of bytes are together. */
  long bytes() {
    return bytes;
  }

  /** The columns, as values of a statement. */
  public Object[] values() {
    if (row != rows) {
      throw new InvariantViolation("rows are whole", row + " of " + rows + " rows were given");
    }
    return columns.toArray();
  }

  private <A> A column(Class<A> type, java.util.function.Supplier<A> fresh) {
    if (column == columns.size()) {
      columns.add(fresh.get());
    }
    return type.cast(columns.get(column++));
  }
}
