package dev.stowage.lifecycle.documents;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Writes JSON without white space and with the fewest escapes. Not thread-safe. */
final class JsonWriter extends Fields {
  private final ByteOutput out;
  private boolean isFirst = true;

  JsonWriter(ByteOutput out) {
    this.out = out;
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
    key(name);
    out.put(Long.toString(value));
    return value;
  }

  @Override
  boolean flag(String name, boolean value) {
    key(name);
    out.put(value ? "true" : "false");
    return value;
  }

  @Override
  String text(String name, String value) {
    key(name);
    quote(value);
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

  void plain(String name, String digits) {
    key(name);
    out.put(digits);
  }

  void key(String name) {
    if (!isFirst) {
      out.put(',');
    }
    isFirst = false;
    if (!name.isEmpty()) {
      quote(name);
      out.put(':');
    }
  }

  void open(char bracket) {
    out.put(bracket);
    isFirst = true;
  }

  void close(char bracket) {
    out.put(bracket);
    isFirst = false;
  }

  private void quote(String text) {
    out.put('"');
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next == '"' || next == '\\') {
        out.put(text.substring(from, i));
        out.put('\\');
        from = i;
      } else if (next < ' ') {
        out.put(text.substring(from, i));
        out.put("\\u" + HexFormat.of().toHexDigits(next));
        from = i + 1;
      }
    }
    out.put(text.substring(from));
    out.put('"');
  }
}
