package dev.stowage.sim.kit.world;

/** A step that makes no sense in the world as it is. */
public final class StepFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String found;

  /** Names what the step takes, and what there was. */
  public StepFailure(String expected, String found) {
    super("expected " + expected + ", found " + found);
    this.expected = expected;
    this.found = found;
  }

  /** Returns what the step takes. */
  public String expected() {
    return expected;
  }

  /** Returns what there was. */
  public String found() {
    return found;
  }
}
