package dev.stowage.sim.tool.simulate;

/** An event of a profile that its fleet refuses. */
final class StepRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StepRefused(String message) {
    super(message);
  }
}
