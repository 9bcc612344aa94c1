package dev.stowage.sim.tool.cli;

/** An input that is missing, cannot be read, or is something else. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message states the input, the expectation and the finding. */
  UnreadableException(String message) {
    super(message);
  }
}
