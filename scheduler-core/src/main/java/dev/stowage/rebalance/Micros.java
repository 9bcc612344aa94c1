package dev.stowage.rebalance;

/** Scores as whole numbers: a micro-point is a millionth of the range. */
final class Micros {
  /** A whole point. */
  static final int PER_POINT = 1_000_000;

  /** No score: no opinion, or one that cannot be used. */
  static final int NONE = -1;

  private Micros() {}

  /** Whether a score can be used: finite and in [0, 1]. */
  static boolean isScore(double score) {
    return score >= 0 && score <= 1;
  }

  /** The micro-points of a score that can be used, rounded to the nearest. */
  static int of(double score) {
    return (int) Math.round(score * PER_POINT);
  }

  /** The score that these micro-points stand for. */
  static double points(long micros) {
    return (double) micros / PER_POINT;
  }
}
