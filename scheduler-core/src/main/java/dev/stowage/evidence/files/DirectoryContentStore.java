package dev.stowage.evidence.files;

import dev.stowage.evidence.ContentStore;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.HashChain;
import dev.stowage.evidence.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Keeps each content in a file named by its address, which appears only when whole. Several
 * processes may use one directory. Throws {@link EvidenceException.Unavailable} on I/O errors.
 */
public final class DirectoryContentStore implements ContentStore {
  private final Path directory;

  /** Opens {@code directory}, which is created if need be. */
  public DirectoryContentStore(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot create " + directory, e);
    }
  }

  @Override
  public Hash256 put(RecordType type, byte[] content) {
    Hash256 address = HashChain.contentAddress(type.wire(), content);
    Path file = fileOf(address);
    if (Files.exists(file)) {
      return address;
    }
    try {
      Path whole = Files.createTempFile(directory, "content-", ".part");
      Files.write(whole, content);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return address;
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot write " + file, e);
    }
  }

  @Override
  public Optional<byte[]> find(RecordType type, Hash256 address) {
    Path file = fileOf(address);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      byte[] content = Files.readAllBytes(file);
      Hash256 found = HashChain.contentAddress(type.wire(), content);
      if (!found.equals(address)) {
        throw new EvidenceException.Broken(
            0, file + " is not the content of its name, as " + type.name() + " it is " + found);
      }
      return Optional.of(content);
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot read " + file, e);
    }
  }

  private Path fileOf(Hash256 address) {
    return directory.resolve(address + ".blob");
  }
}
