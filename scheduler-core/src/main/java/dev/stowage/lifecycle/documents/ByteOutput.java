package dev.stowage.lifecycle.documents;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Collects bytes and passes them on in pieces of at most {@value #PIECE}. Not thread-safe. */
final class ByteOutput {
  private static final int PIECE = 1 << 14;

  private final OutputStream out;
  private final byte[] buffer = new byte[PIECE];
  private int used;

  ByteOutput(OutputStream out) {
    this.out = out;
  }

  void put(int value) throws IOException {
    if (used == PIECE) {
      flush();
    }
    buffer[used++] = (byte) value;
  }

  void put(byte[] bytes) throws IOException {
    if (bytes.length > PIECE - used) {
      flush();
    }
    if (bytes.length > PIECE) {
      out.write(bytes);
    } else {
      System.arraycopy(bytes, 0, buffer, used, bytes.length);
      used += bytes.length;
    }
  }

  void put(String text) throws IOException {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  void flush() throws IOException {
    out.write(buffer, 0, used);
    used = 0;
  }
}
