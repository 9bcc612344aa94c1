package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of a part, each with a number and a shape. Immutable and thread-safe. */
public final class Records<I, O> {
  private final Class<I> inputs;
  private final Class<O> outcomes;
  private final Map<Class<?>, Entry<?>> byClass;
  private final Map<Integer, Entry<?>> byWire;

  private record Entry<R>(RecordType type, Class<R> rows, Shape<R> shape, boolean isQuestion) {
    void write(Object row, CanonicalWriter out) {
      out.row(shape, rows.cast(row));
    }

    R read(CanonicalReader in) {
      R row = in.row(shape);
      in.end();
      return row;
    }

    Decoded decoded(CanonicalReader in) {
      R row = in.row(shape);
      Subjects subjects = new Subjects();
      shape.write(row, subjects);
      return new Decoded(text(row), subjects.found());
    }

    private String text(R row) {
      String text = shape.text(row);
      return text.isEmpty()
          ? String.join(", ", shape.fields().stream().map(it -> text(it, row)).toList())
          : text;
    }

    private static <R> String text(Field<R, ?> field, R row) {
      return field.name() + " " + field.text(row);
    }
  }

  private Records(Builder<I, O> from) {
    inputs = from.inputs;
    outcomes = from.outcomes;
    byClass = new HashMap<>(from.byClass);
    byWire = new TreeMap<>(from.byWire);
  }

  public static <I, O> Builder<I, O> of(Class<I> inputs, Class<O> outcomes) {
    return new Builder<>(inputs, outcomes);
  }

  public Class<I> inputs() {
    return inputs;
  }

  public Class<O> outcomes() {
    return outcomes;
  }

  public boolean declares(Class<?> rows) {
    return byClass.containsKey(rows);
  }

  public RecordType type(Class<? extends Record> rows) {
    return Objects.requireNonNull(byClass.get(rows), rows::getName).type();
  }

  public RecordCatalog catalog() {
    RecordCatalog.Builder catalog = RecordCatalog.builder();
    byWire.values().forEach(entry -> catalog.add(entry.type(), entry::decoded));
    return catalog.build();
  }

  boolean isQuestion(I input) {
    return entry(input).isQuestion();
  }

  public RecordType write(Object row, CanonicalWriter payload) {
    Entry<?> entry = entry(row);
    entry.write(row, payload);
    return entry.type();
  }

  /** Returns the first number of a record if its first field has this name. */
  public OptionalLong leading(String field, EvidenceRecord record) {
    @Nullable Entry<?> entry = byWire.get(record.wire());
    if (entry == null || !entry.shape().fields().get(0).name().equals(field)) {
      return OptionalLong.empty();
    }
    CanonicalReader in = record.reader();
    in.begin(entry.shape());
    return OptionalLong.of(in.number(entry.shape().fields().get(0)));
  }

  public boolean isInput(EvidenceRecord record) {
    @Nullable Entry<?> entry = byWire.get(record.wire());
    return entry != null && entry.type().stream() == RecordStream.INPUT;
  }

  /** Throws {@code UnknownType} for a record that is no input of the part, or {@code Malformed}. */
  public I input(EvidenceRecord record) {
    if (!isInput(record)) {
      throw new EvidenceException.UnknownType(record.index(), record.wire());
    }
    return inputs.cast(row(record));
  }

  /** Throws {@code UnknownType} for a record that is not of the part, or {@code Malformed}. */
  public Object row(EvidenceRecord record) {
    @Nullable Entry<?> entry = byWire.get(record.wire());
    if (entry == null) {
      throw new EvidenceException.UnknownType(record.index(), record.wire());
    }
    return entry.read(record.reader());
  }

  private Entry<?> entry(Object row) {
    return Objects.requireNonNull(byClass.get(row.getClass()), row.getClass()::getName);
  }

  public static final class Builder<I, O> {
    private final Class<I> inputs;
    private final Class<O> outcomes;
    private final Map<Class<?>, Entry<?>> byClass = new HashMap<>();
    private final Map<Integer, Entry<?>> byWire = new TreeMap<>();

    private Builder(Class<I> inputs, Class<O> outcomes) {
      this.inputs = inputs;
      this.outcomes = outcomes;
    }

    public <R extends I> Builder<I, O> input(int code, Class<R> rows, Shape<R> shape) {
      return add(RecordType.input(code, name(shape)), rows, shape, false);
    }

    /** Adds an input whose fields its components declare. */
    public <R extends I> Builder<I, O> input(int code, String name, Class<R> rows) {
      return input(code, rows, Shape.derived(name, rows));
    }

    /** Adds an input that changes nothing and is written only before an outcome. */
    public <R extends I> Builder<I, O> question(int code, Class<R> rows, Shape<R> shape) {
      return add(RecordType.input(code, name(shape)), rows, shape, true);
    }

    public <R extends O> Builder<I, O> outcome(int code, Class<R> rows, Shape<R> shape) {
      return add(RecordType.outcome(code, name(shape)), rows, shape, false);
    }

    /** Adds an outcome whose fields its components declare. */
    public <R extends O> Builder<I, O> outcome(int code, String name, Class<R> rows) {
      return outcome(code, rows, Shape.derived(name, rows));
    }

    private static String name(Shape<?> shape) {
      return shape.name().toUpperCase(Locale.ROOT);
    }

    private <R> Builder<I, O> add(
        RecordType type, Class<R> rows, Shape<R> shape, boolean isQuestion) {
      Entry<R> entry = new Entry<>(type, rows, shape, isQuestion);
      if (byClass.putIfAbsent(rows, entry) != null
          || byWire.putIfAbsent(type.wire(), entry) != null) {
        throw new IllegalArgumentException(
            rows.getName() + " or the number " + type.code() + " is declared twice");
      }
      return this;
    }

    public Records<I, O> build() {
      return new Records<>(this);
    }
  }
}
