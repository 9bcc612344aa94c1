package dev.stowage.evidence.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The steps of a durable write, which a test lets fail. None is disturbed by an interrupt, as steps
 * of a {@code FileChannel} would be.
 */
interface Device {
  /** The file system of each path. */
  Device FILE_SYSTEM = new Device() {};

  /** Creates or overwrites a file. */
  default void write(Path file, byte[] content) throws IOException {
    try (OutputStream to = Files.newOutputStream(file)) {
      to.write(content);
    }
  }

  /** Forces a file's contents to the device. */
  default void force(Path file) throws IOException {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Renames a file at once, in place of another. */
  default void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Forces the names in the folder of a file; nothing where a folder cannot be opened. */
  default void forceFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    AsynchronousFileChannel channel;
    try {
      channel = AsynchronousFileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException cannotBeOpened) {
      return; // Windows, say: there the file's own force is all there is
    }
    try (channel) {
      channel.force(true);
    }
  }
}
