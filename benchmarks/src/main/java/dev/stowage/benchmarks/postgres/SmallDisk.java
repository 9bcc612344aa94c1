package dev.stowage.benchmarks.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in memory. Only the superuser of the machine can mount one. */
final class SmallDisk implements AutoCloseable {
  private final Path mount;

  private SmallDisk(Path mount) {
    this.mount = mount;
  }

  /**
   * Mounts a small disk.
   *
   * @throws CannotMountException if this machine does not permit it
   */
  static SmallDisk mounted() throws IOException {
    Path mount = Files.createTempDirectory("stowage-disk");
    if (run("mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", mount.toString()) != 0) {
      Files.delete(mount);
      throw new CannotMountException();
    }
    Files.createDirectory(mount.resolve("data"));
    return new SmallDisk(mount);
  }

  static final class CannotMountException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotMountException() {
      super("skipped: this user may not mount a small file system");
    }
  }

  Path folder() {
    return mount.resolve("data");
  }

  @Override
  public void close() throws IOException {
    if (run("umount", "-l", mount.toString()) == 0) {
      Files.deleteIfExists(mount);
    }
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join()
          .exitValue();
    } catch (IOException notThere) {
      return 127;
    }
  }
}
