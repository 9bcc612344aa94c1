package dev.stowage.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A client's memory in a file. */
final class FileMemory implements ClientMemory {
  private final Path file;
  private final Path aside;

  FileMemory(Path file) {
    this.file = file.toAbsolutePath();
    aside = this.file.resolveSibling(file.getFileName() + ".new");
  }

  @Override
  public byte[] load() throws IOException {
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  @Override
  public void save(byte[] state) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(state);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
