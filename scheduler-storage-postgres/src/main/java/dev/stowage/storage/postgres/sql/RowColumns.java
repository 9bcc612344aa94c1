package dev.stowage.storage.postgres.sql;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.shape.Field;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import dev.stowage.shape.Source;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the rows of a shape, one per field; nested rows are inlined. Numbers are {@code
 * bigint}, narrow ones {@code integer}, constants {@code smallint}, lists of texts {@code text[]},
 * other lists canonical bytes in {@code bytea}. Empty lists and bytes are null, and so are all
 * columns of an absent row. Immutable and thread-safe.
 */
public final class RowColumns<T> {
  private static final String OF_TEXTS = ", E'\\n')";

  private static final String DATASET = "dataset";

  public static final RowColumns<WorkerRow> WORKERS = of(Shape.of(WorkerRow.class));

  public static final RowColumns<ChunkRow> CHUNKS =
      of(Shape.of(ChunkRow.class)).coded(DATASET).sparse();

  public static final RowColumns<SwapRow> SWAPS = of(Shape.of(SwapRow.class)).coded(DATASET);

  /** The row of a fleet without its configuration, which seldom changes and is read once. */
  public static final RowColumns<FleetRow> FLEET =
      of(Shape.of(FleetRow.class), ~FleetRow.CONFIG.bit());

  private final Shape<T> shape;
  private final long mask;
  private final List<Field<?, ?>> columns;
  private final @Nullable Field<?, ?> coded;
  private final boolean isSparse;

  private RowColumns(Shape<T> shape, long mask, @Nullable Field<?, ?> coded, boolean isSparse) {
    this.shape = shape;
    this.mask = mask;
    this.coded = coded;
    this.isSparse = isSparse;
    columns = leaves(shape, mask);
  }

  public static <T> RowColumns<T> of(Shape<T> shape) {
    return of(shape, -1);
  }

  /** Returns the columns of the fields in {@code mask}. */
  public static <T> RowColumns<T> of(Shape<T> shape, long mask) {
    return new RowColumns<>(shape, mask, null, false);
  }

  /** Returns these columns, one of which holds numbers of names as {@code integer}. */
  public RowColumns<T> coded(String column) {
    return new RowColumns<>(shape, mask, columns.get(place(column)), isSparse);
  }

  /** Returns the place of a column, from 0; throws {@code IllegalArgumentException} if unknown. */
  public int place(String column) {
    for (int at = 0; at < columns.size(); at++) {
      if (columns.get(at).name().equals(column)) {
        return at;
      }
    }
    throw new IllegalArgumentException(shape + " has no column " + column);
  }

  /** Returns these columns, with null for fields at their default, flags excepted. */
  public RowColumns<T> sparse() {
    return new RowColumns<>(shape, mask, coded, true);
  }

  /** Returns the columns that are in {@code fields} too. */
  public RowColumns<T> only(long fields) {
    return new RowColumns<>(shape, mask & fields, coded, isSparse);
  }

  private static <V> List<Field<?, ?>> leaves(Shape<V> shape, long mask) {
    List<Field<?, ?>> leaves = new ArrayList<>();
    for (Field<V, ?> field : shape.fields()) {
      if ((mask & field.bit()) == 0) {
        continue;
      }
      nested(field).ifPresentOrElse(row -> leaves.addAll(leaves(row, -1)), () -> leaves.add(field));
    }
    return leaves;
  }

  private static Optional<? extends Shape<?>> nested(Field<?, ?> field) {
    return field instanceof ValueField<?, ?> value ? value.form().shape() : Optional.empty();
  }

  public int size() {
    return columns.size();
  }

  public String names(Function<String, String> each) {
    return columns.stream()
        .map(field -> each.apply(field.name()))
        .collect(Collectors.joining(", "));
  }

  /** Returns names and types as the schema declares them. */
  public String types() {
    return columns.stream()
        .map(field -> field.name() + " " + type(field))
        .collect(Collectors.joining(", "));
  }

  private String type(Field<?, ?> field) {
    return field == coded
        ? "integer"
        : switch (field.kind()) {
          case NUMBER -> field.isNarrow() ? "integer" : "bigint";
          case FLAG -> "boolean";
          case TEXT -> "text";
          case CONSTANT -> "smallint";
          case TEXTS -> "text[]";
          case LIST, ROW, BYTES -> "bytea";
        };
  }

  public String selected() {
    return selected("");
  }

  public String selected(String prefix) {
    return each(name -> "array_to_string(" + prefix + name + OF_TEXTS, name -> prefix + name);
  }

  /** Returns the columns of an unnested table {@code u} for storing. */
  public String unnested() {
    return each(name -> "string_to_array(u." + name + OF_TEXTS, name -> "u." + name);
  }

  private String each(Function<String, String> texts, Function<String, String> other) {
    return columns.stream()
        .map(field -> (field.kind() == Kind.TEXTS ? texts : other).apply(field.name()))
        .collect(Collectors.joining(", "));
  }

  public String parameters() {
    return names(name -> "?");
  }

  /** Returns an insertion of rows from arrays, of the columns {@code before} and of these. */
  public String insert(String table, String... before) {
    String names = all(before, "", names(name -> name));
    return "INSERT INTO $."
        + (table + " (" + names + ") SELECT " + all(before, "u.", unnested()) + arrays(names));
  }

  /** As {@link #insert}, but changes a row with an equal {@code id}. */
  public String put(String table, String... before) {
    return insert(table, before)
        + " ON CONFLICT (id) DO UPDATE SET ("
        + all(before, "", names(name -> name))
        + ") = ("
        + all(before, "EXCLUDED.", names("EXCLUDED."::concat))
        + ")";
  }

  /** Returns an update, without its condition, from a table {@code u} that has {@code keys} too. */
  public String update(String table, String keys, String... before) {
    String names = all(before, "", names(name -> name));
    String values = all(before, "u.", unnested());
    return "UPDATE $."
        + (table + " t SET (" + names + ") = (" + values + ")" + arrays(keys + ", " + names));
  }

  private static String all(String[] before, String prefix, String columns) {
    return Stream.concat(Stream.of(before).map(prefix::concat), Stream.of(columns))
        .collect(Collectors.joining(", "));
  }

  private static String arrays(String names) {
    return " FROM unnest(" + names.replaceAll("\\w+", "?") + ") AS u (" + names + ")";
  }

  public void bind(T row, ColumnSet to) {
    write(row, to, null);
  }

  public void bind(T row, ColumnSet to, Codes codes) {
    write(row, to, codes);
  }

  public void copy(T row, BinaryCopy.Writer to, Codes codes) throws SQLException {
    try {
      write(row, to.row(size()), codes);
    } catch (Failure failure) {
      throw failure.cause;
    }
  }

  private void write(T row, Cells to, @Nullable Codes codes) {
    shape.write(row, mask, new Binder(to, coded, codes, isSparse));
  }

  /**
   * Reads a row from column {@code first} on, counted from 1. Throws {@code
   * IllegalArgumentException} if the columns hold no such row.
   */
  public T read(ResultSet from, int first) throws SQLException {
    return shape.make(values(from, first, null));
  }

  /**
   * Reads values from column {@code first} on, counted from 1. Throws {@code
   * IllegalArgumentException} if a column holds no such value.
   */
  public Values values(ResultSet from, int first, @Nullable Codes codes) throws SQLException {
    try {
      return values(new ResultCells(from, first), codes);
    } catch (Failure failure) {
      throw failure.cause;
    }
  }

  /** Reads a copied row's values; throws {@code IllegalArgumentException} for impossible ones. */
  public Values values(BinaryCopy.Reader from, Codes codes) {
    return values((CellSource) from, codes);
  }

  private Values values(CellSource from, @Nullable Codes codes) {
    Reader reader = new Reader(from, coded, codes, isSparse);
    try {
      return shape.read(mask, reader);
    } catch (EvidenceException.Malformed e) {
      throw new IllegalArgumentException("column " + reader.list + ": " + e.getMessage(), e);
    }
  }

  static IllegalArgumentException missing(Field<?, ?> column) {
    return new IllegalArgumentException("column " + column + " is NULL");
  }

  private static int columnsOf(Field<?, ?> field) {
    return nested(field).map(row -> leaves(row, -1).size()).orElse(1);
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

  private interface Put {
    Cells run() throws SQLException;
  }

  /** Binds the values of a row, collecting lists other than texts as bytes. */
  private static final class Binder implements Sink {
    private final Cells cells;
    private final @Nullable Field<?, ?> coded;
    private final @Nullable Codes codes;
    private final boolean isSparse;
    private @Nullable CanonicalWriter inner;
    private @Nullable List<String> texts;
    private int depth;

    Binder(Cells cells, @Nullable Field<?, ?> coded, @Nullable Codes codes, boolean isSparse) {
      this.cells = cells;
      this.coded = coded;
      this.codes = codes;
      this.isSparse = isSparse;
    }

    @Override
    public boolean isWhole() {
      return inner == null;
    }

    @Override
    public boolean omits(Field<?, ?> of) {
      boolean isOmitted = isSparse && inner == null && of.kind() != Kind.FLAG;
      if (isOmitted) {
        none(of);
      }
      return isOmitted;
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
        put(() -> cells.integer((int) value));
      } else {
        put(() -> cells.bigint(value));
      }
    }

    @Override
    public void flag(Field<?, ?> of, boolean value) {
      if (inner != null) {
        inner.flag(of, value);
      } else {
        put(() -> cells.flag(value));
      }
    }

    @Override
    public void text(Field<?, ?> of, String value) {
      if (inner != null) {
        inner.text(of, value);
      } else if (texts != null) {
        texts.add(value);
      } else if (of == coded && codes != null) {
        int number = codes.number(value);
        put(() -> cells.integer(number));
      } else {
        put(() -> cells.text(value));
      }
    }

    @Override
    public void constant(Field<?, ?> of, Enum<?> value) {
      if (inner != null) {
        inner.constant(of, value);
      } else {
        put(() -> cells.small(value.ordinal()));
      }
    }

    @Override
    public void bytes(Field<?, ?> of, byte[] value) {
      if (inner != null) {
        inner.bytes(of, value);
      } else {
        put(() -> cells.bytes(value.length == 0 ? null : value));
      }
    }

    @Override
    public void list(Field<?, ?> of, int count) {
      if (inner == null && of.kind() == Kind.TEXTS) {
        texts = new ArrayList<>(count);
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
      List<String> all = texts;
      if (all != null) {
        put(() -> all.isEmpty() ? cells.none(Kind.TEXTS, false) : cells.texts(all));
        texts = null;
      } else if (inner != null && --depth == 0) {
        byte[] list = inner.length() == EMPTY_LIST ? null : inner.toBytes();
        put(() -> cells.bytes(list));
        inner = null;
      }
    }

    @Override
    public void optional(Field<?, ?> of, boolean isPresent) {
      if (inner != null) {
        inner.optional(of, isPresent);
      } else if (!isPresent) {
        none(of);
      }
    }

    private void none(Field<?, ?> of) {
      if (nested(of).isPresent()) {
        leaves(nested(of).get(), -1).forEach(this::none);
      } else {
        put(() -> cells.none(of.kind(), of.isNarrow()));
      }
    }

    private static void put(Put value) {
      try {
        value.run();
      } catch (SQLException e) {
        throw new Failure(e);
      }
    }
  }

  /** The length of an encoded empty list: version and count. */
  private static final int EMPTY_LIST = 1 + Integer.BYTES;

  private static final class ResultCells implements CellSource {
    private final ResultSet row;
    private int column;

    ResultCells(ResultSet row, int first) {
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
    public boolean isNull() {
      boolean isNull = next(row::getObject) == null;
      column--;
      return isNull;
    }

    @Override
    public void skip(int columns) {
      column += columns;
    }

    @Override
    public long number(Field<?, ?> of) {
      return next(at -> {
        long value = row.getLong(at);
        if (value == 0 && row.wasNull()) {
          throw missing(of);
        }
        return value;
      });
    }

    @Override
    public boolean flag() {
      return next(row::getBoolean);
    }

    @Override
    public @Nullable String text() {
      return next(row::getString);
    }

    @Override
    public byte @Nullable [] bytes() {
      return next(row::getBytes);
    }
  }

  private static final class Reader implements Source {
    private final CellSource cells;
    private final @Nullable Field<?, ?> coded;
    private final @Nullable Codes codes;
    private final boolean isSparse;
    private @Nullable CanonicalReader inner;
    private @Nullable Field<?, ?> list;
    private String[] texts = {};
    private int text;
    private int depth;

    Reader(CellSource cells, @Nullable Field<?, ?> coded, @Nullable Codes codes, boolean isSparse) {
      this.cells = cells;
      this.coded = coded;
      this.codes = codes;
      this.isSparse = isSparse;
    }

    @Override
    public int begin(Shape<?> shape) {
      return inner == null ? EACH : inner.begin(shape);
    }

    @Override
    public boolean has(Field<?, ?> of) {
      if (!isSparse || !of.hasDefault() || of.kind() == Kind.FLAG || !cells.isNull()) {
        return true;
      }
      cells.skip(columnsOf(of));
      return false;
    }

    @Override
    public long number(Field<?, ?> of) {
      return inner == null ? cells.number(of) : inner.number(of);
    }

    @Override
    public boolean flag(Field<?, ?> of) {
      return inner == null ? cells.flag() : inner.flag(of);
    }

    @Override
    public String text(Field<?, ?> of) {
      if (inner != null) {
        return inner.text(of);
      }
      if (text < texts.length) {
        return texts[text++];
      }
      if (of == coded && codes != null) {
        return codes.name((int) cells.number(of));
      }
      String value = cells.text();
      if (value == null) {
        throw missing(of);
      }
      return value;
    }

    @Override
    public <E extends Enum<E>> E constant(Field<?, ?> of, E[] all) {
      if (inner != null) {
        return inner.constant(of, all);
      }
      int ordinal = (int) cells.number(of);
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
      byte[] value = cells.bytes();
      return value == null ? new byte[0] : value;
    }

    @Override
    public int list(Field<?, ?> of) {
      if (inner == null && of.kind() == Kind.TEXTS) {
        String joined = cells.text();
        texts = joined == null ? new String[0] : joined.split(TextForms.SEPARATOR, -1);
        text = 0;
        return texts.length;
      }
      if (inner == null) {
        byte[] value = cells.bytes();
        if (value == null) {
          return 0;
        }
        list = of;
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
      boolean isNull = cells.isNull();
      if (isNull) {
        cells.skip(columnsOf(of));
      }
      return !isNull;
    }
  }
}
