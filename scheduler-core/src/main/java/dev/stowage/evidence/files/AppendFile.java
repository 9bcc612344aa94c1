package dev.stowage.evidence.files;

import dev.stowage.evidence.EvidenceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/** A file that grows at its end. Not a channel, since an interrupt would close one. */
final class AppendFile implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private long size;

  private AppendFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

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
      undo(e);
      throw new EvidenceException.Unavailable(
          "cannot write " + length + " bytes to " + path + " at byte " + size, e);
    }
    size += length;
  }

  /** Cuts off what a refused write has left. */
  private void undo(IOException refused) {
    try {
      cut(size);
    } catch (IOException e) {
      refused.addSuppressed(e);
    }
  }

  void force() {
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot force " + path + " to its device", e);
    }
  }

  /** Forces the file and its name. */
  void forceName() {
    force();
    try {
      Device.FILE_SYSTEM.forceFolderOf(path);
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot force the folder of " + path, e);
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
