package dev.stowage.storage.postgres.sql;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.shape.Field;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import dev.stowage.shape.Source;
import dev.stowage.shape.ValueField;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the rows of a shape: one for each field, in their places; the fields of a nested
 * row stand where the row does. A number is a {@code bigint}, or an {@code integer} if it is
 * narrow; a constant is a {@code smallint}; a list of texts is a {@code text[]}; another list is a
 * {@code bytea} of its canonical bytes; an empty list, and no bytes, are null. Immutable and
 * thread-safe.
 *
 * @param <T> the row
 */
public final class RowColumns<T> {
  /** Arrays of arrays cannot be unnested; names hold no line feed. */
  private static final String SEPARATOR = "\n";

  private final Shape<T> shape;
  private final List<Field<?, ?>> columns;

  private RowColumns(Shape<T> shape, long mask) {
    this.shape = shape;
    columns = leaves(shape, mask);
  }

  /** Returns the columns of all fields. */
  public static <T> RowColumns<T> of(Shape<T> shape) {
    return new RowColumns<>(shape, -1);
  }

  private static <V> List<Field<?, ?>> leaves(Shape<V> shape, long mask) {
    List<Field<?, ?>> leaves = new ArrayList<>();
    for (Field<V, ?> field : shape.fields()) {
      if ((mask & field.bit()) == 0) {
        continue;
      }
      if (field instanceof ValueField<?, ?> value && value.form().shape().isPresent()) {
        leaves.addAll(leaves(value.form().shape().get(), -1));
      } else {
        leaves.add(field);
      }
    }
    return leaves;
  }

  /** Returns the names of the columns, each as a function says it, separated by commas. */
  public String names(Function<String, String> each) {
    return columns.stream()
        .map(field -> each.apply(field.name()))
        .collect(Collectors.joining(", "));
  }

  /** Returns the names of the columns with their types, as a schema has them. */
  public String types() {
    return columns.stream()
        .map(field -> field.name() + " " + type(field))
        .collect(Collectors.joining(", "));
  }

  private static String type(Field<?, ?> field) {
    return switch (field.kind()) {
      case NUMBER -> field.isNarrow() ? "integer" : "bigint";
      case FLAG -> "boolean";
      case TEXT -> "text";
      case CONSTANT -> "smallint";
      case TEXTS -> "text[]";
      case LIST, ROW, BYTES -> "bytea";
    };
  }

  /** Returns the columns as a query selects them for {@link #read}. */
  public String selected() {
    return columns.stream()
        .map(field ->
            field.kind() == Kind.TEXTS
                ? "array_to_string(" + field.name() + ", E'\\n') AS " + field.name()
                : field.name())
        .collect(Collectors.joining(", "));
  }

  /** Returns the columns of an unnested table {@code u} as a statement stores them. */
  public String unnested() {
    return columns.stream()
        .map(field ->
            field.kind() == Kind.TEXTS
                ? "string_to_array(u." + field.name() + ", E'\\n')"
                : "u." + field.name())
        .collect(Collectors.joining(", "));
  }

  /** Returns as many parameters as there are columns. */
  public String parameters() {
    return names(name -> "?");
  }

  /** Adds the values of a row. */
  public void bind(T row, ColumnSet to) {
    shape.write(row, new Binder(to));
  }

  /** Adds the values of the fields of a mask. */
  public static <T> void bind(Shape<T> shape, T row, long mask, ColumnSet to) {
    shape.write(row, mask, new Binder(to));
  }

  /** Returns the columns of the fields of a mask; their rows are bound with the same mask. */
  public static <T> RowColumns<T> of(Shape<T> shape, long mask) {
    return new RowColumns<>(shape, mask);
  }

  /**
   * Reads the row that a query selected, from one of its columns on.
   *
   * @param first the place of the first column, from 1
   * @throws IllegalArgumentException if the columns hold no such row
   */
  public T read(ResultSet from, int first) throws SQLException {
    try {
      return shape.read(new Reader(from, first));
    } catch (Failure failure) {
      throw failure.cause;
    }
  }

  /** Carries a failure of the database through the shape. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    final SQLException cause;

    Failure(SQLException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  /** Binds the values of a row; of a list that is no list of texts it collects the bytes. */
  private static final class Binder implements Sink {
    private final ColumnSet columns;
    private @Nullable CanonicalWriter inner;
    private @Nullable StringBuilder texts;
    private boolean isNullable;
    private int depth;

    Binder(ColumnSet columns) {
      this.columns = columns;
    }

    @Override
    public boolean isWhole() {
      return inner == null;
    }

    @Override
    public void begin(Shape<?> shape, int fields) {
      if (inner != null) {
        inner.begin(shape, fields);
      }
    }

    @Override
    public void number(Field<?, ?> of, long value) {
      if (inner != null) {
        inner.number(of, value);
      } else if (of.isNarrow()) {
        columns.integer((int) value);
      } else if (isNullable) {
        columns.nullable(value);
      } else {
        columns.bigint(value);
      }
      isNullable = false;
    }

    @Override
    public void flag(Field<?, ?> of, boolean value) {
      if (inner != null) {
        inner.flag(of, value);
      } else {
        columns.flag(value);
      }
    }

    @Override
    public void text(Field<?, ?> of, String value) {
      if (inner != null) {
        inner.text(of, value);
      } else if (texts != null) {
        texts.append(texts.isEmpty() ? "" : SEPARATOR).append(value);
      } else {
        columns.text(value);
      }
      isNullable = false;
    }

    @Override
    public void constant(Field<?, ?> of, Enum<?> value) {
      if (inner != null) {
        inner.constant(of, value);
      } else if (isNullable) {
        columns.nullableSmall(value.ordinal());
      } else {
        columns.small(value.ordinal());
      }
      isNullable = false;
    }

    @Override
    public void bytes(Field<?, ?> of, byte[] value) {
      if (inner != null) {
        inner.bytes(of, value);
      } else {
        columns.bytes(value.length == 0 ? null : value);
      }
    }

    @Override
    public void list(Field<?, ?> of, int count) {
      if (inner == null && of.kind() == Kind.TEXTS) {
        texts = new StringBuilder();
        return;
      }
      if (inner == null) {
        inner = new CanonicalWriter();
      }
      depth++;
      inner.list(of, count);
    }

    @Override
    public void endList(Field<?, ?> of) {
      if (texts != null) {
        columns.text(texts.isEmpty() ? null : texts.toString());
        texts = null;
      } else if (inner != null && --depth == 0) {
        columns.bytes(inner.length() == EMPTY_LIST ? null : inner.toBytes());
        inner = null;
      }
    }

    @Override
    public void optional(Field<?, ?> of, boolean isPresent) {
      if (inner != null) {
        inner.optional(of, isPresent);
      } else {
        isNullable = isPresent;
        if (!isPresent) {
          none(of);
        }
      }
    }

    private void none(Field<?, ?> of) {
      switch (of.kind()) {
        case NUMBER -> columns.nullable(null);
        case CONSTANT -> columns.nullableSmall(null);
        case TEXT, TEXTS -> columns.text(null);
        default -> columns.bytes(null);
      }
    }
  }

  /** The length of a message that holds an empty list: its version and a count. */
  private static final int EMPTY_LIST = 1 + Integer.BYTES;

  /** Reads a row column by column. */
  private static final class Reader implements Source {
    private final ResultSet row;
    private @Nullable CanonicalReader inner;
    private String[] texts = {};
    private int text;
    private int depth;
    private int column;

    Reader(ResultSet row, int first) {
      this.row = row;
      column = first;
    }

    private interface Getter<V> {
      V get(int column) throws SQLException;
    }

    private <V> V next(Getter<V> getter) {
      try {
        return getter.get(column++);
      } catch (SQLException e) {
        throw new Failure(e);
      }
    }

    @Override
    public int begin(Shape<?> shape) {
      return inner == null ? EACH : inner.begin(shape);
    }

    @Override
    public long number(Field<?, ?> of) {
      return inner == null ? next(row::getLong) : inner.number(of);
    }

    @Override
    public boolean flag(Field<?, ?> of) {
      return inner == null ? next(row::getBoolean) : inner.flag(of);
    }

    @Override
    public String text(Field<?, ?> of) {
      if (inner != null) {
        return inner.text(of);
      }
      if (text < texts.length) {
        return texts[text++];
      }
      String value = next(row::getString);
      if (value == null) {
        throw new IllegalArgumentException(of.name() + " is null");
      }
      return value;
    }

    @Override
    public <E extends Enum<E>> E constant(Field<?, ?> of, E[] all) {
      if (inner != null) {
        return inner.constant(of, all);
      }
      int ordinal = next(row::getInt);
      if (ordinal < 0 || ordinal >= all.length) {
        throw new IllegalArgumentException(
            of.name() + " is " + ordinal + "; 0 to " + (all.length - 1) + " is accepted");
      }
      return all[ordinal];
    }

    @Override
    public byte[] bytes(Field<?, ?> of) {
      if (inner != null) {
        return inner.bytes(of);
      }
      byte[] value = next(row::getBytes);
      return value == null ? new byte[0] : value;
    }

    @Override
    public int list(Field<?, ?> of) {
      if (inner == null && of.kind() == Kind.TEXTS) {
        String joined = next(row::getString);
        texts = joined == null ? new String[0] : joined.split(SEPARATOR, -1);
        text = 0;
        return texts.length;
      }
      if (inner == null) {
        byte[] value = next(row::getBytes);
        if (value == null) {
          return 0;
        }
        inner = CanonicalReader.of(value);
      }
      depth++;
      return inner.list(of);
    }

    @Override
    public void endList(Field<?, ?> of) {
      if (inner != null && --depth == 0) {
        inner.end();
        inner = null;
      }
    }

    @Override
    public boolean optional(Field<?, ?> of) {
      if (inner != null) {
        return inner.optional(of);
      }
      if (next(row::getObject) == null) {
        return false;
      }
      column--;
      return true;
    }
  }
}
