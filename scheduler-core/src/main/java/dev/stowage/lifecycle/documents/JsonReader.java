package dev.stowage.lifecycle.documents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads JSON whose shape is known: whoever reads says what must come next. Depth is bounded by
 * that, and memory by the length of the input. Not thread-safe.
 */
final class JsonReader {
  private final byte[] bytes;
  private int at;

  JsonReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The byte at which the next token begins. */
  int offset() {
    while (at < bytes.length && " \t\n\r".indexOf(bytes[at]) >= 0) {
      at++;
    }
    return at;
  }

  /** Takes a bracket, comma or colon. */
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

  /** Takes a key and its colon; any other key than this one is refused. */
  void key(String name) {
    int from = offset();
    String found = text();
    if (!found.equals(name)) {
      throw malformed(from, "the key \"" + name + "\" is expected, found \"" + found + "\"");
    }
    take(':');
  }

  /** Takes a comma and a key. */
  void next(String name) {
    take(',');
    key(name);
  }

  long number() {
    int from = offset();
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

  boolean flag() {
    int from = offset();
    for (String word : List.of("true", "false")) {
      byte[] expected = word.getBytes(StandardCharsets.US_ASCII);
      int end = from + expected.length;
      if (end <= bytes.length
          && ByteBuffer.wrap(bytes, from, expected.length).equals(ByteBuffer.wrap(expected))) {
        at = end;
        return word.equals("true");
      }
    }
    throw malformed(from, "true or false is expected, found " + found());
  }

  String text() {
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
        append(text, piece);
        at++;
        return text.toString();
      }
      if (next == '\\') {
        append(text, piece);
        text.append(escape());
        piece = at;
      } else {
        at++;
      }
    }
  }

  /** Reads something that a type of the model may refuse. */
  <T> T value(Function<JsonReader, T> reading) {
    int from = offset();
    try {
      return reading.apply(this);
    } catch (IllegalArgumentException refused) {
      throw malformed(from, String.valueOf(refused.getMessage()));
    }
  }

  <T> List<T> list(Supplier<T> element) {
    List<T> all = new ArrayList<>();
    take('[');
    if (!isNext(']')) {
      all.add(element.get());
      while (isNext(',')) {
        at++;
        all.add(element.get());
      }
    }
    take(']');
    return all;
  }

  void end() {
    int from = offset();
    if (from != bytes.length) {
      throw malformed(from, (bytes.length - from) + " bytes are left over");
    }
  }

  DocumentException malformed(int offset, String message) {
    return new DocumentException.Malformed(offset, message);
  }

  private String found() {
    if (at == bytes.length) {
      return "the end";
    }
    int next = bytes[at];
    return next > ' ' && next < 0x7f ? "'" + (char) next + "'" : "byte " + (next & 0xff);
  }

  private void append(StringBuilder text, int from) {
    try {
      text.append(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, at - from)));
    } catch (CharacterCodingException notUtf8) {
      throw malformed(from, "a text is not UTF-8");
    }
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
}
