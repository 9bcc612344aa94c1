package dev.stowage.sim.filestore;

import dev.stowage.store.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which process has the folder; the operating system frees it however the process ends. */
final class FolderLock implements AutoCloseable {
  private final RandomAccessFile file;

  private FolderLock(RandomAccessFile file) {
    this.file = file;
  }

  /** Takes the lock of a folder, which is made if it is not there. */
  static FolderLock take(Path path) {
    try {
      Files.createDirectories(path.getParent());
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      if (!isTaken(file)) {
        file.close();
        throw unavailable(path + ": another process has the folder open", null);
      }
      return new FolderLock(file);
    } catch (IOException e) {
      throw unavailable(path + " cannot be opened", e);
    }
  }

  private static boolean isTaken(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException thisProcess) {
      return false;
    }
  }

  private static StorageException.Transient unavailable(String message, @Nullable Throwable cause) {
    return new StorageException.Transient(message, StorageException.Outcome.NOT_COMMITTED, cause);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw unavailable("the lock cannot be given back", e);
    }
  }
}
