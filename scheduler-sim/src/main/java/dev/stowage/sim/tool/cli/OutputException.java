package dev.stowage.sim.tool.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A folder or file that cannot be written to. */
final class OutputException extends Exception {
  private static final long serialVersionUID = 1L;

  OutputException(Path place, String expected, String found) {
    super(place + ": expected " + expected + ", found " + found);
  }

  /** Returns why the system refused a write, in words. */
  static String reason(IOException refused) {
    if (refused instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (refused instanceof NoSuchFileException missing) {
      return "the system lets nothing be created at " + missing.getFile();
    }
    if (refused instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    String word = refused.getClass().getSimpleName();
    return refused.getMessage() == null ? word : word + " " + refused.getMessage();
  }
}
