package dev.stowage.evidence.files;

import dev.stowage.evidence.EvidenceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A sliding view of a file, read front to back. Not a channel, which an interrupt would close. */
final class FileWindow implements AutoCloseable {
  private static final int USUAL_BYTES = 1 << 18;

  private final Path path;
  private final RandomAccessFile file;
  private final long size;
  private byte[] bytes;
  private long base;
  private int filled;

  private FileWindow(Path path, RandomAccessFile file, long size) {
    this.path = path;
    this.file = file;
    this.size = size;
    this.bytes = new byte[(int) Math.min(size, USUAL_BYTES)];
  }

  static FileWindow open(Path path) {
    try {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
      try {
        return new FileWindow(path, file, file.length());
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot read " + path, e);
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Returns the array that {@link #at} points into, until its next call. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns the array offset of {@code position}, with {@code length} bytes in view. */
  int at(long position, int length) {
    if (position < base || position + length > base + filled) {
      fill(position, length);
    }
    return (int) (position - base);
  }

  boolean has(long position, long length) {
    return position + length <= size;
  }

  private void fill(long position, int length) {
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
    int reading = (int) Math.min(bytes.length, size - position);
    try {
      file.seek(position);
      file.readFully(bytes, 0, reading);
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot read " + path + " at " + position, e);
    }
    base = position;
    filled = reading;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot close " + path, e);
    }
  }
}
