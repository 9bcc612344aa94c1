package dev.stowage.lifecycle.documents;

import java.io.IOException;

/** Writes JSON without white space; texts with the fewest escapes. Not thread-safe. */
final class JsonWriter {
  private final ByteOutput out;
  private boolean isFirst = true;

  JsonWriter(ByteOutput out) {
    this.out = out;
  }

  JsonWriter open(char bracket) throws IOException {
    separate();
    out.put(bracket);
    isFirst = true;
    return this;
  }

  JsonWriter close(char bracket) throws IOException {
    out.put(bracket);
    isFirst = false;
    return this;
  }

  /** A key, whose value comes next. */
  JsonWriter key(String name) throws IOException {
    text(name);
    out.put(':');
    isFirst = true;
    return this;
  }

  JsonWriter text(String text) throws IOException {
    separate();
    out.put('"');
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '"' || text.charAt(i) == '\\') {
        out.put(text.substring(from, i));
        out.put('\\');
        from = i;
      }
    }
    out.put(text.substring(from));
    out.put('"');
    return this;
  }

  JsonWriter number(long value) throws IOException {
    separate();
    out.put(Long.toString(value));
    return this;
  }

  JsonWriter flag(boolean value) throws IOException {
    separate();
    out.put(value ? "true" : "false");
    return this;
  }

  private void separate() throws IOException {
    if (!isFirst) {
      out.put(',');
    }
    isFirst = false;
  }
}
