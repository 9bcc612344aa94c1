package dev.stowage.pressure;

/** A level of pressure, from the best to the worst; callers define what each level holds back. */
public enum PressureBand {
  /** Nothing is held back. */
  NORMAL,
  /** Deferrable work waits, and small work goes before large. */
  ELEVATED,
  /** Only work that keeps the system running proceeds. */
  HIGH,
  /** Only work that leads out of this band proceeds. */
  CRITICAL;

  /** Reports whether this band is {@code other} or worse. */
  public boolean atLeast(PressureBand other) {
    return compareTo(other) >= 0;
  }

  /** Returns the worse of the two bands. */
  public PressureBand orWorse(PressureBand other) {
    return atLeast(other) ? this : other;
  }
}
