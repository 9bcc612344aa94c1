package dev.stowage.sim.tool.csv;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Finds the line that spoils a text: no UTF-8 sequence holds a line feed, so lines decode alone.
 */
final class Utf8Lines {
  private Utf8Lines() {}

  /** Returns the first line that is not UTF-8, counted from 1; 0 if all are. */
  static long firstMalformed(InputStream bytes) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long number = 1;
    for (int next = bytes.read(); next != -1; next = bytes.read()) {
      line.write(next);
      if (next == '\n') {
        if (!isUtf8(line)) {
          return number;
        }
        line.reset();
        number++;
      }
    }
    return isUtf8(line) ? 0 : number;
  }

  private static boolean isUtf8(ByteArrayOutputStream line) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray()));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
