package dev.stowage.client;

import dev.stowage.evidence.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A client's memory in a file. */
final class FileMemory implements ClientMemory {
  private final Path file;

  FileMemory(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public byte[] load() throws IOException {
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  @Override
  public void save(byte[] state) throws IOException {
    WholeFile.write(file, state);
  }
}
