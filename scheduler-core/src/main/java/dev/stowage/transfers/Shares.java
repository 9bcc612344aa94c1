package dev.stowage.transfers;

/** Clamps shares. */
final class Shares {
  private Shares() {}

  /** Clamps to 0 to 1; NaN becomes 0. */
  static double clamped(double value) {
    return value > 0 ? Math.min(1, value) : 0;
  }
}
