package dev.stowage.deterministic;

/** Refuses a core that the scheduler does not have. */
public final class InvalidCore extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidCore(int core, int cores) {
    super("core is " + core + "; 0 to " + (cores - 1) + " is accepted");
  }
}
