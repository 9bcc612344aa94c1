package dev.stowage.answer;

import dev.stowage.lifecycle.Moved;
import dev.stowage.shape.Unit;

/**
 * A range of the time that copies take, at least and at most, in seconds ({@link Progress}). NaN
 * while neither a rate nor a budget is known, infinite while they are 0.
 */
public record CopyTime(double leastSeconds, double mostSeconds) {
  /** No copies take no time. */
  public static final CopyTime NONE = new CopyTime(0, 0);

  /** Reports whether a rate or a budget is known. */
  public boolean isKnown() {
    return !Double.isNaN(leastSeconds);
  }

  /** Returns the range in words, such as {@code 25 s to 2 min}, or the reason why it is unknown. */
  public String inWords() {
    if (!isKnown()) {
      return "unknown: no budget bounds moves, and no rate of copies was reported in the last "
          + Moved.WINDOW_TICKS
          + " ticks";
    }
    if (mostSeconds == 0) {
      return Unit.SECONDS.print(0);
    }
    String least = inWords(leastSeconds);
    String most = inWords(mostSeconds);
    return least.equals(most) ? least : least + " to " + most;
  }

  // What is still to go takes a second at least.
  private static String inWords(double seconds) {
    return Double.isInfinite(seconds)
        ? "no end"
        : Unit.SECONDS.print(Math.max(1, Math.rint(seconds)));
  }
}
