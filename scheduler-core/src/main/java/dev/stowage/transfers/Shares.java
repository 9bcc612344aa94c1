package dev.stowage.transfers;

/** Clamps shares. */
final class Shares {
  private Shares() {}

  /** Clamps to 0 to 1; NaN becomes 0. */
  static double clamped(double value) {
    return value > 0 ? Math.min(1, value) : 0;
  }

  /** Clamps to a range; NaN becomes {@code least}. */
  static double clamped(double value, double least, double most) {
    return value > least ? Math.min(most, value) : least;
  }
}
