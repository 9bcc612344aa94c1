package dev.stowage.pressure;

/** A named level of pressure; later ones are worse. What each holds back is the caller's rule. */
public enum PressureBand {
  /** Nothing needs to be held back. */
  NORMAL,
  /** What can wait, waits; small goes before large. */
  ELEVATED,
  /** Only what keeps the system itself going. */
  HIGH,
  /** Only what is needed to get out of this band. */
  CRITICAL;

  /** Whether this band is {@code other} or worse. */
  public boolean atLeast(PressureBand other) {
    return compareTo(other) >= 0;
  }

  /** The worse of the two. */
  public PressureBand orWorse(PressureBand other) {
    return atLeast(other) ? this : other;
  }
}
