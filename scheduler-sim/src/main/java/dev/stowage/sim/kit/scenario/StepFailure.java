package dev.stowage.sim.kit.scenario;

/** A step that makes no sense in the world as it is. */
final class StepFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String found;

  StepFailure(String expected, String found) {
    super("expected " + expected + ", found " + found);
    this.expected = expected;
    this.found = found;
  }

  Mismatch mismatch() {
    return new Mismatch(expected, found);
  }
}
