package dev.stowage.lifecycle.documents;

import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Field;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Form;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import dev.stowage.shape.ValueField;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON without white space and with the fewest escapes: a document, or the fields of a row
 * as members of an open object. Not thread-safe.
 */
final class JsonWriter extends Fields implements Sink {
  private final ByteOutput out;
  private boolean isFirst = true;

  /** A stack of bits, the innermost lowest: 1 in an object, 0 in a list. */
  private long nesting;

  JsonWriter(ByteOutput out) {
    this.out = out;
  }

  static @Nullable Form<?> form(Field<?, ?> of) {
    return of instanceof ValueField<?, ?> value ? value.form() : null;
  }

  static boolean isReal(Field<?, ?> of) {
    return of instanceof NumberField<?> number && number.isReal();
  }

  @Override
  boolean begin(Kind kind, boolean isDelta) {
    open('{');
    text("format", isDelta ? kind.format + JsonReader.DELTA : kind.format);
    number("version", DocumentFormat.VERSION);
    return isDelta;
  }

  @Override
  long number(String name, long value) {
    plain(name, Long.toString(value));
    return value;
  }

  @Override
  boolean flag(String name, boolean value) {
    plain(name, Boolean.toString(value));
    return value;
  }

  @Override
  String text(String name, String value) {
    plain(name, Figure.quoted(value));
    return value;
  }

  @Override
  <T> List<T> list(
      String name, int count, Iterable<T> rows, Row<T> row, Supplier<Consumer<T>> checks) {
    key(name);
    open('[');
    write(rows, row);
    close(']');
    return List.of();
  }

  @Override
  <T> List<T> groups(String name, List<Group<T>> groups, Row<T> row, Supplier<Consumer<T>> checks) {
    key(name);
    open('[');
    groups.forEach(group -> write(group.rows(), row));
    close(']');
    return List.of();
  }

  @Override
  void end() {
    close('}');
  }

  private <T> void write(Iterable<T> rows, Row<T> row) {
    for (T each : rows) {
      if (row.isObject()) {
        key("");
        open('{');
      }
      row.fields().name(this, each);
      if (row.isObject()) {
        close('}');
      }
    }
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public void row(Field<?, ?> of) {
    key(of.name());
    open('{');
  }

  @Override
  public void begin(Shape<?> shape, int fields) {}

  @Override
  public void end(Shape<?> shape) {
    close('}');
  }

  @Override
  public void number(Field<?, ?> of, long value) {
    if (form(of) == Form.of(Lineage.class)) {
      text(of.name(), Lineage.of(value).toString());
    } else if (isReal(of)) {
      double real = Double.longBitsToDouble(value);
      plain(of.name(), Double.isFinite(real) ? Double.toString(real) : "null");
    } else {
      number(of.name(), value);
    }
  }

  @Override
  public void flag(Field<?, ?> of, boolean value) {
    flag(of.name(), value);
  }

  @Override
  public void text(Field<?, ?> of, String value) {
    text(of.name(), value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    text(of.name(), value.name().toLowerCase(Locale.ROOT));
  }

  /** Writes chunk numbers as a list of texts, other bytes as Base64. */
  @Override
  public void bytes(Field<?, ?> of, byte[] value) {
    if (form(of) instanceof NumbersForm numbers) {
      list(of.name(), 0, numbers.fromBytes(value), Row.NUMBER, () -> any -> {});
    } else {
      text(of.name(), Base64.getEncoder().encodeToString(value));
    }
  }

  @Override
  public void list(Field<?, ?> of, int count) {
    key(of.name());
    open('[');
  }

  @Override
  public void endList(Field<?, ?> of) {
    close(']');
  }

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {
    if (!isPresent) {
      plain(of.name(), "null");
    }
  }

  private void plain(String name, String value) {
    key(name);
    out.put(value);
  }

  /** Writes the name of a member; an element of a list has none. */
  void key(String name) {
    if (!isFirst) {
      out.put(',');
    }
    isFirst = false;
    if ((nesting & 1) == 1) {
      out.put(Figure.quoted(name));
      out.put(':');
    }
  }

  void open(char bracket) {
    out.put(bracket);
    isFirst = true;
    nesting = nesting << 1 | (bracket == '{' ? 1 : 0);
  }

  private void close(char bracket) {
    out.put(bracket);
    isFirst = false;
    nesting >>>= 1;
  }
}
