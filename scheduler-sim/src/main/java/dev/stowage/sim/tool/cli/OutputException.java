package dev.stowage.sim.tool.cli;

import java.nio.file.Path;

/** A folder or file that cannot be written to. */
final class OutputException extends Exception {
  private static final long serialVersionUID = 1L;

  OutputException(Path place, String expected, String found) {
    super(place + ": expected " + expected + ", found " + found);
  }
}
