package dev.stowage.evidence.files;

import dev.stowage.evidence.ContentStore;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.HashChain;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps each content in a file named by its address, which appears only when whole and is on the
 * device when {@link #put} returns. Several processes may use one directory. Throws {@link
 * EvidenceException.Unavailable} on I/O errors.
 *
 * <p>A put writes to a part of its own and deletes it if it fails. A crash may leave one: opening
 * deletes parts that were last written a day or more before, by the clock of the file system, which
 * no running put owns. If one did after all, that put would fail and could be repeated.
 */
public final class DirectoryContentStore implements ContentStore {
  private static final Duration STALE = Duration.ofDays(1);

  private final Path directory;
  private final Device device;

  /** Opens {@code directory}, which is created if need be. */
  public DirectoryContentStore(Path directory) {
    this(directory, Device.FILE_SYSTEM);
  }

  DirectoryContentStore(Path directory, Device device) {
    this.directory = directory;
    this.device = device;
    try {
      Files.createDirectories(directory);
      sweep();
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot open " + directory, e);
    }
  }

  /** Deletes stale parts. A reader that may not write leaves them. */
  private void sweep() throws IOException {
    List<Path> parts = parts();
    if (parts.isEmpty() || !Files.isWritable(directory)) {
      return;
    }
    Path now = claimed("now");
    try {
      long border = Files.getLastModifiedTime(now).toMillis() - STALE.toMillis();
      for (Path part : parts) {
        deleteIfOlder(part, border);
      }
    } finally {
      Files.delete(now);
    }
  }

  private List<Path> parts() throws IOException {
    List<Path> parts = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(directory, "*" + WholeFile.SUFFIX)) {
      found.forEach(parts::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return parts;
  }

  private static void deleteIfOlder(Path part, long border) throws IOException {
    try {
      if (Files.getLastModifiedTime(part).toMillis() <= border) {
        Files.deleteIfExists(part);
      }
    } catch (NoSuchFileException gone) {
      return; // its put has ended, or another opening was faster
    }
  }

  @Override
  public Hash256 put(RecordType type, byte[] content) {
    Hash256 address = HashChain.contentAddress(type.wire(), content);
    Path file = fileOf(address);
    try {
      if (Files.isRegularFile(file) && Files.size(file) == content.length) {
        device.forceFolderOf(file); // the put that wrote it may not have come so far
        return address;
      }
      try (WholeFile whole = new WholeFile(file, claimed(address.toString()), device)) {
        whole.write(content);
        whole.keep();
      }
      return address;
    } catch (IOException e) {
      throw new EvidenceException.Unavailable(
          "cannot keep " + content.length + " bytes as " + file, e);
    }
  }

  /** Creates the first free part of a name. */
  private Path claimed(String name) throws IOException {
    int number = 0;
    while (true) {
      Path part = directory.resolve(name + "." + number + WholeFile.SUFFIX);
      try {
        return Files.createFile(part);
      } catch (FileAlreadyExistsException taken) {
        number++; // another put has it, or a crash left it
      }
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
