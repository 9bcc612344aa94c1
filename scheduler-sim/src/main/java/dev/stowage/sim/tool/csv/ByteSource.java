package dev.stowage.sim.tool.csv;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read from the start more than once. */
@FunctionalInterface
public interface ByteSource {
  /**
   * Opens the bytes at their start; the caller closes.
   *
   * @throws IOException if they cannot be opened
   */
  InputStream open() throws IOException;
}
