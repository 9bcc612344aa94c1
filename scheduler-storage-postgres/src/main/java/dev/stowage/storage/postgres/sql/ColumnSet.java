package dev.stowage.storage.postgres.sql;

import dev.stowage.model.InvariantViolation;
import dev.stowage.shape.Kind;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rows as one array per column for {@code unnest}, given in column order. Not thread-safe. */
public final class ColumnSet implements Cells {
  private final int rows;
  private final List<Object> columns = new ArrayList<>();
  private int row;
  private int column;
  private long bytes;

  /** Creates room for exactly this number of rows. */
  public ColumnSet(int rows) {
    this.rows = rows;
  }

  /** Returns the columns of rows, each of which {@code put} gives in column order. */
  public static <R> ColumnSet of(Collection<R> rows, BiConsumer<ColumnSet, R> put) {
    ColumnSet columns = new ColumnSet(rows.size());
    for (R row : rows) {
      put.accept(columns, row);
      columns.endRow();
    }
    return columns;
  }

  @Override
  public ColumnSet text(@Nullable String value) {
    String[] cells = (String[]) column(() -> new String[rows]);
    if (value != null) {
      cells[row] = value;
    }
    return this;
  }

  /** Joins texts by line feeds, which names never hold: arrays of arrays cannot be unnested. */
  @Override
  public ColumnSet texts(List<String> values) {
    return text(values.isEmpty() ? null : String.join(TextForms.SEPARATOR, values));
  }

  @Override
  public ColumnSet bytes(byte @Nullable [] value) {
    byte[][] cells = (byte[][]) column(() -> new byte[rows][]);
    if (value != null) {
      cells[row] = value;
      bytes += value.length;
    }
    return this;
  }

  @Override
  public ColumnSet bigint(long value) {
    if (column(() -> new long[rows]) instanceof long[] cells) {
      cells[row] = value;
    } else {
      boxed(value);
    }
    return this;
  }

  @Override
  public ColumnSet integer(int value) {
    if (column(() -> new int[rows]) instanceof int[] cells) {
      cells[row] = value;
    } else {
      boxed(value);
    }
    return this;
  }

  @Override
  public ColumnSet small(int value) {
    if (column(() -> new short[rows]) instanceof short[] cells) {
      cells[row] = (short) value;
    } else {
      boxed((short) value);
    }
    return this;
  }

  @Override
  public ColumnSet flag(boolean value) {
    ((boolean[]) column(() -> new boolean[rows]))[row] = value;
    return this;
  }

  /** Adds a null; numbers of the column are boxed from then on. */
  @Override
  public ColumnSet none(Kind kind, boolean isNarrow) {
    return switch (kind) {
      case NUMBER -> none(isNarrow ? Integer.class : Long.class);
      case CONSTANT -> none(Short.class);
      case TEXT, TEXTS -> text(null);
      default -> bytes(null);
    };
  }

  private ColumnSet none(Class<?> type) {
    Object cells = column(() -> Array.newInstance(type, rows));
    if (!(cells instanceof Object[])) {
      Object[] boxed = (Object[]) Array.newInstance(type, rows);
      for (int before = 0; before < row; before++) {
        boxed[before] = Array.get(cells, before);
      }
      columns.set(column - 1, boxed);
    }
    return this;
  }

  private void boxed(Object value) {
    ((Object[]) columns.get(column - 1))[row] = value;
  }

  public void endRow() {
    if (column != columns.size()) {
      throw new InvariantViolation(
          "rows are whole", "row " + row + " has " + column + " of " + columns.size() + " columns");
    }
    row++;
    column = 0;
  }

  int rows() {
    return rows;
  }

  /** Returns the total length of all byte values. */
  long bytes() {
    return bytes;
  }

  public Object[] values() {
    if (row != rows) {
      throw new InvariantViolation("rows are whole", row + " of " + rows + " rows were given");
    }
    return columns.toArray();
  }

  private Object column(Supplier<Object> fresh) {
    if (column == columns.size()) {
      columns.add(fresh.get());
    }
    return columns.get(column++);
  }
}
