package dev.stowage.lifecycle.documents;

import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Field;
import dev.stowage.shape.Form;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import dev.stowage.shape.ValueField;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a row as members of an open JSON object. Not thread-safe. */
final class JsonSink implements Sink {
  private final JsonWriter out;
  private int depth;

  /** A stack of bits, the innermost lowest: 1 in a list, 0 in an object. */
  private long nesting;

  JsonSink(JsonWriter out) {
    this.out = out;
  }

  static @Nullable Form<?> form(Field<?, ?> of) {
    return of instanceof ValueField<?, ?> value ? value.form() : null;
  }

  static boolean isReal(Field<?, ?> of) {
    return of instanceof NumberField<?> number && number.isReal();
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public void row(Field<?, ?> of) {
    out.key(name(of));
  }

  @Override
  public void begin(Shape<?> shape, int fields) {
    nesting <<= 1;
    if (depth++ > 0) {
      out.open('{');
    }
  }

  @Override
  public void end(Shape<?> shape) {
    nesting >>>= 1;
    if (--depth > 0) {
      out.close('}');
    }
  }

  @Override
  public void number(Field<?, ?> of, long value) {
    if (form(of) == Form.of(Lineage.class)) {
      out.text(name(of), Lineage.of(value).toString());
    } else if (isReal(of)) {
      double real = Double.longBitsToDouble(value);
      out.plain(name(of), Double.isFinite(real) ? Double.toString(real) : "null");
    } else {
      out.plain(name(of), Long.toString(value));
    }
  }

  @Override
  public void flag(Field<?, ?> of, boolean value) {
    out.flag(name(of), value);
  }

  @Override
  public void text(Field<?, ?> of, String value) {
    out.text(name(of), value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    out.text(name(of), value.name().toLowerCase(Locale.ROOT));
  }

  /** Writes chunk numbers as a list of texts, other bytes as Base64. */
  @Override
  public void bytes(Field<?, ?> of, byte[] value) {
    if (!(form(of) instanceof NumbersForm numbers)) {
      out.text(name(of), Base64.getEncoder().encodeToString(value));
      return;
    }
    out.key(name(of));
    out.open('[');
    for (ChunkNumber number : numbers.fromBytes(value)) {
      out.text("", number.toString());
    }
    out.close(']');
  }

  @Override
  public void list(Field<?, ?> of, int count) {
    out.key(name(of));
    out.open('[');
    nesting = nesting << 1 | 1;
  }

  @Override
  public void endList(Field<?, ?> of) {
    nesting >>>= 1;
    out.close(']');
  }

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {
    if (!isPresent) {
      out.plain(name(of), "null");
    }
  }

  void document(Field<?, ?> of, Consumer<Fields> fields) {
    out.key(name(of));
    fields.accept(out);
  }

  private String name(Field<?, ?> of) {
    return (nesting & 1) == 1 ? "" : of.name();
  }
}
