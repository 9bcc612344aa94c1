package dev.stowage.sim.tool.cli;

/** An input that is missing, cannot be read, or is something else. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }
}
