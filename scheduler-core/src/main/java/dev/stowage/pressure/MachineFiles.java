package dev.stowage.pressure;

import java.io.IOException;

/** Reads small kernel files for the sampler: {@code path -> Files.readString(Path.of(path))}. */
@FunctionalInterface
public interface MachineFiles {
  /** A machine without such files. */
  MachineFiles NONE =
      path -> {
        throw new IOException("no files on this machine");
      };

  /** Returns the text at an absolute path; on {@link IOException} it counts as unmeasured. */
  String read(String path) throws IOException;
}
