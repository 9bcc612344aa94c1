package dev.stowage.evidence.parts;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Declares the records of a part: each record of its sealed inputs and outcomes has a number and a
 * shape. A record is named in explanations as its shape, in upper case. Immutable and thread-safe.
 *
 * @param <I> the inputs
 * @param <O> the outcomes
 */
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

    /** A record of nothing but defaults is told in full. */
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

  /** Returns a builder of the records of these sealed interfaces. */
  public static <I, O> Builder<I, O> of(Class<I> inputs, Class<O> outcomes) {
    return new Builder<>(inputs, outcomes);
  }

  /** Returns the sealed interface of the inputs. */
  public Class<I> inputs() {
    return inputs;
  }

  /** Returns the sealed interface of the outcomes. */
  public Class<O> outcomes() {
    return outcomes;
  }

  /** Reports whether a class of records has a number and a shape. */
  public boolean declares(Class<?> rows) {
    return byClass.containsKey(rows);
  }

  /** Returns the type of a class of records, for those whose bytes are written by hand. */
  public RecordType type(Class<? extends Record> rows) {
    return Objects.requireNonNull(byClass.get(rows), rows::getName).type();
  }

  /** Returns the type of each record, with its text and subjects. */
  public RecordCatalog catalog() {
    RecordCatalog.Builder catalog = RecordCatalog.builder();
    byWire.values().forEach(entry -> catalog.add(entry.type(), entry::decoded));
    return catalog.build();
  }

  boolean isQuestion(I input) {
    return entry(input).isQuestion();
  }

  /** Writes an input or an outcome. */
  public void write(Object row, RecordWriter log) {
    log.end(write(row, log.begin()));
  }

  /** Writes the payload of an input or an outcome, and returns its type. */
  public RecordType write(Object row, CanonicalWriter payload) {
    Entry<?> entry = entry(row);
    entry.write(row, payload);
    return entry.type();
  }

  /** Returns the number that a record begins with, if its first field has this name. */
  public OptionalLong leading(String field, EvidenceRecord record) {
    @Nullable Entry<?> entry = byWire.get(record.wire());
    if (entry == null || !entry.shape().fields().get(0).name().equals(field)) {
      return OptionalLong.empty();
    }
    CanonicalReader in = record.reader();
    in.begin(entry.shape());
    return OptionalLong.of(in.number(entry.shape().fields().get(0)));
  }

  /** Reports whether a record is an input of the part. */
  public boolean isInput(EvidenceRecord record) {
    @Nullable Entry<?> entry = byWire.get(record.wire());
    return entry != null && entry.type().stream() == RecordStream.INPUT;
  }

  /**
   * Reads a recorded input.
   *
   * @throws EvidenceException.UnknownType if the record is no input of the part
   * @throws EvidenceException.Malformed if its bytes are none of the shape
   */
  public I input(EvidenceRecord record) {
    @Nullable Entry<?> entry = byWire.get(record.wire());
    if (entry == null || !isInput(record)) {
      throw new EvidenceException.UnknownType(record.index(), record.wire());
    }
    return inputs.cast(entry.read(record.reader()));
  }

  private Entry<?> entry(Object row) {
    return Objects.requireNonNull(byClass.get(row.getClass()), row.getClass()::getName);
  }

  /**
   * Collects records. Not thread-safe.
   *
   * @param <I> the inputs
   * @param <O> the outcomes
   */
  public static final class Builder<I, O> {
    private final Class<I> inputs;
    private final Class<O> outcomes;
    private final Map<Class<?>, Entry<?>> byClass = new HashMap<>();
    private final Map<Integer, Entry<?>> byWire = new TreeMap<>();

    private Builder(Class<I> inputs, Class<O> outcomes) {
      this.inputs = inputs;
      this.outcomes = outcomes;
    }

    /** Adds an input. */
    public <R extends I> Builder<I, O> input(int code, Class<R> rows, Shape<R> shape) {
      return add(RecordType.input(code, name(shape)), rows, shape, false);
    }

    /** Adds an input that changes nothing and is not written unless it has an outcome. */
    public <R extends I> Builder<I, O> question(int code, Class<R> rows, Shape<R> shape) {
      return add(RecordType.input(code, name(shape)), rows, shape, true);
    }

    /** Adds an outcome. */
    public <R extends O> Builder<I, O> outcome(int code, Class<R> rows, Shape<R> shape) {
      return add(RecordType.outcome(code, name(shape)), rows, shape, false);
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

    /** Returns the records. */
    public Records<I, O> build() {
      return new Records<>(this);
    }
  }
}
