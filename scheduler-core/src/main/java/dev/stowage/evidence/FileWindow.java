package dev.stowage.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A sliding view of a file that is read front to back, as long as it was when it was opened. */
final class FileWindow implements AutoCloseable {
  private static final int USUAL_BYTES = 1 << 18;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private byte[] bytes;
  private long base;
  private int filled;

  private FileWindow(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
    this.bytes = new byte[(int) Math.min(size, USUAL_BYTES)];
  }

  static FileWindow open(Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new FileWindow(path, channel, channel.size());
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

  /** The array that {@link #at} points into; another one after the next call of it. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the byte at {@code position} stands in the array, with {@code length} bytes in view. */
  int at(long position, int length) {
    if (position < base || position + length > base + filled) {
      fill(position, length);
    }
    return (int) (position - base);
  }

  /** Whether the file has {@code length} bytes from {@code position} on. */
  boolean has(long position, long length) {
    return position + length <= size;
  }

  private void fill(long position, int length) {
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.limit((int) Math.min(bytes.length, size - position));
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new IOException("it became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot read " + path + " at " + position, e);
    }
    base = position;
    filled = buffer.limit();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot close " + path, e);
    }
  }
}
