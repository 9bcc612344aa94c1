package dev.stowage.evidence.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a file that appears whole or not at all. Contents go to a part beside it, which {@link
 * #keep} forces to the device and renames; {@link #close} deletes a part that was not kept. After a
 * crash the file has its former contents or the new ones. An interrupt disturbs neither.
 *
 * <p>One writer per file at a time: the part is {@code NAME.part}, and what a crash left of it is
 * overwritten.
 */
public final class WholeFile implements Closeable {
  static final String SUFFIX = ".part";

  private final Path file;
  private final Path part;
  private final Device device;
  private boolean kept;

  WholeFile(Path file, Path part, Device device) {
    this.file = file;
    this.part = part;
    this.device = device;
  }

  /**
   * Begins a file, in an existing folder; nothing is written yet.
   *
   * @throws IllegalArgumentException if the path has no name
   */
  public static WholeFile of(Path file) {
    Path whole = file.toAbsolutePath();
    if (whole.getFileName() == null) {
      throw new IllegalArgumentException(file + " is the root of a file system; a file is needed");
    }
    return new WholeFile(
        whole, whole.resolveSibling(whole.getFileName() + SUFFIX), Device.FILE_SYSTEM);
  }

  /**
   * Replaces a file durably.
   *
   * @throws IOException if it cannot be written; the former contents then stay
   */
  public static void write(Path file, byte[] content) throws IOException {
    try (WholeFile whole = of(file)) {
      whole.write(content);
      whole.keep();
    }
  }

  /** Returns the part, for those who write it themselves. */
  public Path part() {
    return part;
  }

  /**
   * Gives the part these contents, in place of others.
   *
   * @throws FileSystemException if the device refuses them; names the part and the bytes
   */
  public void write(byte[] content) throws IOException {
    try {
      device.write(part, content);
    } catch (IOException refused) {
      throw failure("cannot write " + content.length + " bytes", refused);
    }
  }

  /**
   * Forces the part to the device and puts it in the file's place, then forces the folder where the
   * platform can open one. The folder may still fail when the file is in its place.
   *
   * @throws FileSystemException if the device refuses it; names the part and the file
   */
  public void keep() throws IOException {
    try {
      device.force(part);
      device.rename(part, file);
      kept = true;
      device.forceFolderOf(file);
    } catch (IOException refused) {
      throw failure("cannot put it in the place of " + file.getFileName(), refused);
    }
  }

  private FileSystemException failure(String what, IOException refused) {
    String why =
        refused instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : String.valueOf(refused.getMessage());
    FileSystemException failure =
        new FileSystemException(
            part.toString(), null, what + ": " + refused.getClass().getSimpleName() + ": " + why);
    failure.initCause(refused);
    return failure;
  }

  /** Deletes the part unless it was kept. */
  @Override
  public void close() throws IOException {
    if (!kept) {
      Files.deleteIfExists(part);
    }
  }
}
