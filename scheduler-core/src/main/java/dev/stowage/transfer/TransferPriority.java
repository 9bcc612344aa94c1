package dev.stowage.transfer;

/** The urgency of a chunk; earlier constants go first, whatever the scores. */
public enum TransferPriority {
  CONTROL(1.25, 0.40),
  EARLY_USABILITY(1.25, 0.30),
  DECODE(1.1, 0.20),
  STANDARD(1.0, 0.0),
  REPAIR(1.5, -0.10),
  SPECULATIVE(0.5, -0.30);

  private final double roiFactor;
  private final double fairnessBonus;

  TransferPriority(double roiFactor, double fairnessBonus) {
    this.roiFactor = roiFactor;
    this.fairnessBonus = fairnessBonus;
  }

  /** Returns the factor {@code m} of the return on repair. */
  public double roiFactor() {
    return roiFactor;
  }

  public double fairnessBonus() {
    return fairnessBonus;
  }
}
