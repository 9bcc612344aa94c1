package dev.stowage.rebalance.tables;

/** Scores as whole numbers: a micro-point is a millionth of the range. */
public final class Micros {
  /** A whole point. */
  public static final int PER_POINT = 1_000_000;

  /** No score: no opinion, or one that cannot be used. */
  public static final int NONE = -1;

  private Micros() {}

  /** Whether a score can be used: finite and in [0, 1]. */
  public static boolean isScore(double score) {
    return score >= 0 && score <= 1;
  }

  /** The micro-points of a score that can be used, rounded to the nearest. */
  public static int of(double score) {
    return (int) Math.round(score * PER_POINT);
  }

  /** The score that these micro-points stand for. */
  public static double points(long micros) {
    return (double) micros / PER_POINT;
  }
}
