package dev.stowage.lifecycle.documents;

import dev.stowage.columns.ForeignText;
import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Field;
import dev.stowage.shape.Form;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Source;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reads the members of an open JSON object as the fields of a row. Not thread-safe. */
final class JsonSource implements Source {
  private final JsonReader in;
  private int depth;

  /** A stack of bits, the innermost lowest: 1 in a list, 0 in an object. */
  private long nesting;

  private boolean isKeyRead;

  JsonSource(JsonReader in) {
    this.in = in;
  }

  @Override
  public boolean has(Field<?, ?> of) {
    return in.isNextKey(of.name());
  }

  @Override
  public void row(Field<?, ?> of) {
    key(of);
  }

  @Override
  public int begin(Shape<?> shape) {
    nesting <<= 1;
    if (depth++ > 0) {
      in.open('{');
    }
    return EACH;
  }

  @Override
  public void end(Shape<?> shape) {
    nesting >>>= 1;
    if (--depth > 0) {
      in.close('}');
    }
  }

  @Override
  public long number(Field<?, ?> of) {
    int from = key(of);
    if (JsonSink.form(of) == Form.of(Lineage.class)) {
      return in.made(Lineage.of(0), () -> JsonReader.lineage(in.string())).token();
    }
    if (JsonSink.isReal(of)) {
      return Double.doubleToLongBits(in.takes("null") ? Double.NaN : real(from));
    }
    boolean isNegative = in.takes("-");
    long digits = in.digits(in.at);
    return isNegative ? -digits : digits;
  }

  private double real(int from) {
    while (in.at < in.bytes.length && "+-.eE0123456789".indexOf(in.bytes[in.at]) >= 0) {
      in.at++;
    }
    return in.made(0.0, () -> Double.parseDouble(in.utf8(from, in.at)));
  }

  @Override
  public boolean flag(Field<?, ?> of) {
    key(of);
    return in.truth();
  }

  @Override
  public String text(Field<?, ?> of) {
    key(of);
    return in.string();
  }

  @Override
  public <E extends Enum<E>> E constant(Field<?, ?> of, E[] all) {
    int from = key(of);
    String word = in.string();
    for (E each : all) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw DocumentReader.malformed(
        from, of.name() + " is '" + ForeignText.quoted(word) + "', which is unknown");
  }

  @Override
  public byte[] bytes(Field<?, ?> of) {
    key(of);
    if (!(JsonSink.form(of) instanceof NumbersForm numbers)) {
      String text = in.string();
      return in.made(new byte[0], () -> Base64.getDecoder().decode(text));
    }
    List<ChunkNumber> all = new ArrayList<>();
    in.open('[');
    while (!in.isNext(']')) {
      in.value("");
      String text = in.string();
      all.add(in.made(Fields.Row.NUMBER.sample(), () -> ChunkNumber.of(text)));
    }
    in.close(']');
    return in.made(new byte[0], () -> numbers.toBytes(all));
  }

  @Override
  public int list(Field<?, ?> of) {
    key(of);
    in.open('[');
    nesting = nesting << 1 | 1;
    return in.elements();
  }

  @Override
  public void endList(Field<?, ?> of) {
    nesting >>>= 1;
    in.close(']');
  }

  @Override
  public boolean optional(Field<?, ?> of) {
    key(of);
    boolean isPresent = !in.takes("null");
    isKeyRead = isPresent;
    return isPresent;
  }

  <T> T document(Field<?, ?> of, Function<Fields, T> read) {
    key(of);
    return read.apply(in);
  }

  private int key(Field<?, ?> of) {
    int from = isKeyRead ? in.offset() : in.value((nesting & 1) == 1 ? "" : of.name());
    isKeyRead = false;
    return from;
  }
}
