package dev.stowage.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that grows at its end. What was not written wholly is written again from the same place,
 * so a failed write leaves nothing behind that a later one does not cover.
 */
final class AppendFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private long size;

  private AppendFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens or creates the file for one writer; {@code size} bytes of it are good, the rest is cut.
   */
  static AppendFile open(Path path, long size) {
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      AppendFile file = new AppendFile(path, channel);
      try {
        file.claim();
        file.cut(size);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      return file;
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot open " + path + " for writing", e);
    }
  }

  private void claim() throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw new EvidenceException.Unavailable(path + " is being written by this process", e);
    }
    throw new EvidenceException.Unavailable(
        path + " is being written by another process", new IOException("locked"));
  }

  private void cut(long good) throws IOException {
    if (channel.size() > good) {
      channel.truncate(good);
    }
    size = good;
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  void append(byte[] bytes, int length) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer, size + buffer.position());
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable(
          "cannot write " + length + " bytes to " + path + " at byte " + size, e);
    }
    size += length;
  }

  void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot force " + path + " to its device", e);
    }
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
