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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads JSON of a known shape: a document, or the members of an open object as the fields of a row.
 * The length of the input bounds memory. Not thread-safe.
 */
final class JsonReader extends DocumentReader implements Source {
  static final String DELTA = "-delta";

  private static final Pattern LINEAGE = Pattern.compile("[0-9a-f]{16}");

  private boolean isFirst = true;

  /** A stack of bits, the innermost lowest: 1 in an object, 0 in a list. */
  private long nesting;

  JsonReader(byte[] bytes) {
    super(bytes);
  }

  @Override
  boolean begin(Kind kind, boolean isDelta) {
    open('{');
    String found = text("format", kind.format);
    if (!found.equals(kind.format) && !found.equals(kind.format + DELTA)) {
      throw new DocumentException.Unsupported(
          field,
          "a document of format "
              + ForeignText.quoted(found)
              + "; "
              + kind.format
              + " was asked for");
    }
    expectVersion(number("version", DocumentFormat.VERSION), field);
    return found.endsWith(DELTA);
  }

  @Override
  long number(String name, long given) {
    return digits(value(name));
  }

  long digits(int from) {
    long value = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      int digit = bytes[at] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10 || (at > from && value == 0)) {
        throw malformed(from, "a whole number of at most " + Long.MAX_VALUE + " is expected");
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == from) {
      throw malformed(from, "a whole number of at least 0 is expected, found " + found());
    }
    return value;
  }

  @Override
  boolean flag(String name, boolean given) {
    int from = value(name);
    if (takes("true")) {
      return true;
    }
    if (takes("false")) {
      return false;
    }
    throw malformed(from, "true or false is expected, found " + found());
  }

  @Override
  String text(String name, String value) {
    value(name);
    return string();
  }

  @Override
  <T> List<T> list(
      String name, int count, Iterable<T> rows, Row<T> row, Supplier<Consumer<T>> checks) {
    List<T> all = new ArrayList<>();
    Consumer<T> check = checks.get();
    value(name);
    open('[');
    while (!isNext(']')) {
      int from = value("");
      isFirst = true;
      if (row.isObject()) {
        open('{');
      }
      T next = row.fields().name(this, row.sample());
      if (row.isObject()) {
        close('}');
      }
      add(next, from, check, all);
    }
    close(']');
    return all;
  }

  @Override
  <T> List<T> groups(String name, List<Group<T>> groups, Row<T> row, Supplier<Consumer<T>> checks) {
    return list(name, 0, List.of(), row, checks);
  }

  @Override
  void end() {
    expectZonesUsed();
    close('}');
  }

  @Override
  public boolean has(Field<?, ?> of) {
    int from = at;
    boolean is = isFirst || isNext(',');
    if (is && !isFirst) {
      at++;
    }
    offset();
    is = is && takes("\"") && takes(of.name()) && takes("\"");
    at = from;
    return is;
  }

  @Override
  public void row(Field<?, ?> of) {
    value(of.name());
    open('{');
  }

  @Override
  public void end(Shape<?> shape) {
    close('}');
  }

  @Override
  public long number(Field<?, ?> of) {
    int from = value(of.name());
    if (JsonWriter.form(of) == Form.of(Lineage.class)) {
      return made(Lineage.of(0), () -> lineage(string())).token();
    }
    if (JsonWriter.isReal(of)) {
      return Double.doubleToLongBits(takes("null") ? Double.NaN : real(from));
    }
    boolean isNegative = takes("-");
    long digits = digits(at);
    return isNegative ? -digits : digits;
  }

  private double real(int from) {
    while (at < bytes.length && "+-.eE0123456789".indexOf(bytes[at]) >= 0) {
      at++;
    }
    return made(0.0, () -> Double.parseDouble(utf8(from, at)));
  }

  @Override
  public boolean flag(Field<?, ?> of) {
    return flag(of.name(), false);
  }

  @Override
  public String text(Field<?, ?> of) {
    return text(of.name(), "");
  }

  @Override
  public <E extends Enum<E>> E constant(Field<?, ?> of, E[] all) {
    int from = value(of.name());
    String word = string();
    for (E each : all) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw malformed(from, of.name() + " is '" + ForeignText.quoted(word) + "', which is unknown");
  }

  @Override
  public byte[] bytes(Field<?, ?> of) {
    if (JsonWriter.form(of) instanceof NumbersForm numbers) {
      List<ChunkNumber> all = list(of.name(), 0, List.of(), Row.NUMBER, () -> any -> {});
      return made(new byte[0], () -> numbers.toBytes(all));
    }
    String text = text(of);
    return made(new byte[0], () -> Base64.getDecoder().decode(text));
  }

  @Override
  public int list(Field<?, ?> of) {
    value(of.name());
    open('[');
    return EACH;
  }

  @Override
  public boolean hasElement(Field<?, ?> of) {
    return !isNext(']');
  }

  @Override
  public void endList(Field<?, ?> of) {
    close(']');
  }

  @Override
  public boolean optional(Field<?, ?> of) {
    int from = at;
    boolean wasFirst = isFirst;
    value(of.name());
    boolean isPresent = !takes("null");
    if (isPresent) {
      at = from;
      isFirst = wasFirst;
    }
    return isPresent;
  }

  String found() {
    if (at == bytes.length) {
      return "the end";
    }
    int next = bytes[at];
    return next > ' ' && next < 0x7f ? "'" + (char) next + "'" : "byte " + (next & 0xff);
  }

  private char escape() {
    int from = at++;
    int kind = at < bytes.length ? bytes[at++] : 0;
    int plain = "\"\\/bfnrt".indexOf(kind);
    if (kind != 0 && plain >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    int unit = 0;
    if (kind != 'u' || bytes.length - at < 4) {
      throw malformed(from, "an escape that JSON does not have");
    }
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(bytes[at++], 16);
      if (digit < 0) {
        throw malformed(from, "an escape that JSON does not have");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  static Lineage lineage(String text) {
    if (!LINEAGE.matcher(text).matches()) {
      throw new IllegalArgumentException("a lineage of 16 hexadecimal digits is expected");
    }
    return Lineage.of(Long.parseUnsignedLong(text, 16));
  }

  int value(String name) {
    if (!isFirst) {
      take(',');
    }
    isFirst = false;
    if ((nesting & 1) == 1) {
      key(name);
      take(':');
    }
    field = offset();
    return field;
  }

  private void key(String name) {
    int from = offset();
    if (takes("\"") && takes(name) && takes("\"")) {
      return;
    }
    at = from;
    String found = string();
    if (!found.equals(name)) {
      throw malformed(
          from,
          "the key \"" + name + "\" is expected, found \"" + ForeignText.quoted(found) + "\"");
    }
  }

  boolean takes(String ascii) {
    int end = at + ascii.length();
    if (end > bytes.length) {
      return false;
    }
    for (int i = at; i < end; i++) {
      if (bytes[i] != ascii.charAt(i - at)) {
        return false;
      }
    }
    at = end;
    return true;
  }

  void open(char bracket) {
    take(bracket);
    isFirst = true;
    nesting = nesting << 1 | (bracket == '{' ? 1 : 0);
  }

  private void close(char bracket) {
    take(bracket);
    isFirst = false;
    nesting >>>= 1;
    if (nesting == 0) {
      expectEnd(offset());
    }
  }

  String string() {
    int from = offset();
    if (!isNext('"')) {
      throw malformed(from, "a text is expected, found " + found());
    }
    at++;
    StringBuilder text = new StringBuilder();
    int piece = at;
    while (true) {
      if (at == bytes.length) {
        throw malformed(at, "a text does not end");
      }
      int next = bytes[at];
      if (next >= 0 && next < ' ') {
        throw malformed(at, "a control character in a text");
      }
      if (next == '"') {
        text.append(utf8(piece, at));
        at++;
        return text.toString();
      }
      if (next == '\\') {
        text.append(utf8(piece, at));
        text.append(escape());
        piece = at;
      } else {
        at++;
      }
    }
  }

  int offset() {
    while (at < bytes.length && " \t\n\r".indexOf(bytes[at]) >= 0) {
      at++;
    }
    return at;
  }

  void take(char token) {
    int from = offset();
    if (!isNext(token)) {
      throw malformed(from, "'" + token + "' is expected, found " + found());
    }
    at++;
  }

  boolean isNext(char token) {
    int next = offset();
    return next < bytes.length && bytes[next] == token;
  }
}
