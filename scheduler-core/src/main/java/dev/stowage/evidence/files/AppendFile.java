package dev.stowage.evidence.files;

import dev.stowage.evidence.EvidenceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/**
 * A file that grows at its end. What was not written wholly is written again from the same place,
 * so a failed write leaves nothing behind that a later one does not cover.
 *
 * <p>Not a channel, because an interrupt of the writing thread closes a channel for good.
 */
final class AppendFile implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private long size;

  private AppendFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens or creates the file for one writer; {@code size} bytes of it are good, the rest is cut.
   */
  static AppendFile open(Path path, long size) {
    try {
      RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
      AppendFile file = new AppendFile(path, opened);
      try {
        file.claim();
        file.cut(size);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      return file;
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot open " + path + " for writing", e);
    }
  }

  /** The lock lives as long as the file is open. */
  private void claim() throws IOException {
    try {
      if (file.getChannel().tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw new EvidenceException.Unavailable(path + " is being written by this process", e);
    }
    throw new EvidenceException.Unavailable(
        path + " is being written by another process", new IOException("locked"));
  }

  private void cut(long good) throws IOException {
    if (file.length() > good) {
      file.setLength(good);
    }
    size = good;
  }

  long size() {
    return size;
  }

  void append(byte[] bytes, int length) {
    try {
      file.seek(size);
      file.write(bytes, 0, length);
    } catch (IOException e) {
      throw new EvidenceException.Unavailable(
          "cannot write " + length + " bytes to " + path + " at byte " + size, e);
    }
    size += length;
  }

  void force() {
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot force " + path + " to its device", e);
    }
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
