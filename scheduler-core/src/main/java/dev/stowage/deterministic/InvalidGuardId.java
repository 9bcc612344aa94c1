package dev.stowage.deterministic;

/** Refuses a guard id outside 0 to 1023. */
public final class InvalidGuardId extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidGuardId(int id) {
    super("guard id is " + id + "; 0 to " + Guards.MAX_ID + " is accepted");
  }
}
