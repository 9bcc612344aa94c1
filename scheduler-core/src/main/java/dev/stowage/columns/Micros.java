package dev.stowage.columns;

/** Scores as ints: a micro-point is a millionth of the range. */
public final class Micros {
  public static final int PER_POINT = 1_000_000;

  /** No opinion, or an unusable score. */
  public static final int NONE = -1;

  private Micros() {}

  /** Reports whether a score is finite and in [0, 1]. */
  public static boolean isScore(double score) {
    return score >= 0 && score <= 1;
  }

  /** Returns the micro-points of a usable score, rounded to the nearest. */
  public static int of(double score) {
    return (int) Math.round(score * PER_POINT);
  }

  public static double points(long micros) {
    return (double) micros / PER_POINT;
  }
}
