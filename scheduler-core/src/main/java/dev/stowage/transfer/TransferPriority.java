package dev.stowage.transfer;

/**
 * How urgent a chunk of an object is; earlier ones go before later ones, whatever the scores say.
 */
public enum TransferPriority {
  /** What keeps the transfer going. */
  CONTROL(1.25, 0.40),
  /** What makes the object usable early. */
  EARLY_USABILITY(1.25, 0.30),
  /** What lets the receiver decode. */
  DECODE(1.1, 0.20),
  /** Everything else that was asked for. */
  STANDARD(1.0, 0.0),
  /** What was lost. */
  REPAIR(1.5, -0.10),
  /** What may be wanted. */
  SPECULATIVE(0.5, -0.30);

  private final double roiFactor;
  private final double fairnessBonus;

  TransferPriority(double roiFactor, double fairnessBonus) {
    this.roiFactor = roiFactor;
    this.fairnessBonus = fairnessBonus;
  }

  /** What the return on repair is multiplied with. */
  public double roiFactor() {
    return roiFactor;
  }

  /** What fairness starts from. */
  public double fairnessBonus() {
    return fairnessBonus;
  }
}
