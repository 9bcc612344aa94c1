package dev.stowage.transfer;

/** Numbers that are meant to be shares. */
final class Shares {
  private Shares() {}

  /** The value brought into 0 to 1; NaN reads as 0. */
  static double clamped(double value) {
    return value > 0 ? Math.min(1, value) : 0;
  }

  /** The value brought into a range; NaN reads as the least. */
  static double clamped(double value, double least, double most) {
    return value > least ? Math.min(most, value) : least;
  }
}
