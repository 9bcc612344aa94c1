package dev.stowage.lifecycle.documents;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Buffers bytes. Throws {@link UncheckedIOException} if the stream fails. Not thread-safe. */
final class ByteOutput {
  private static final int PIECE = 1 << 14;

  private final OutputStream out;
  private final byte[] buffer = new byte[PIECE];
  private int used;

  ByteOutput(OutputStream out) {
    this.out = out;
  }

  void put(int value) {
    if (used == PIECE) {
      flush();
    }
    buffer[used++] = (byte) value;
  }

  void put(byte[] bytes) {
    if (bytes.length > PIECE - used) {
      flush();
    }
    if (bytes.length > PIECE) {
      write(bytes, bytes.length);
    } else {
      System.arraycopy(bytes, 0, buffer, used, bytes.length);
      used += bytes.length;
    }
  }

  void put(String text) {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  void flush() {
    write(buffer, used);
    used = 0;
  }

  private void write(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
