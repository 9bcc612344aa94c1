package dev.stowage.pressure;

import java.io.IOException;

/**
 * Reads the small files in which a kernel tells how it is: this library opens none. On Linux a host
 * passes {@code path -> Files.readString(Path.of(path))}; a test passes a folder of its own.
 */
@FunctionalInterface
public interface MachineFiles {
  /** The inert twin: there is no such file. */
  MachineFiles NONE =
      path -> {
        throw new IOException("no files on this machine");
      };

  /**
   * The whole text of a file.
   *
   * @param path absolute, such as {@code /proc/stat}
   * @throws IOException if there is none or it cannot be read; then what it would have told is not
   *     measured
   */
  String read(String path) throws IOException;
}
