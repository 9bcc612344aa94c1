package dev.stowage.answer;

import dev.stowage.lifecycle.Moved;
import dev.stowage.shape.Unit;

/**
 * The movement budget of the next plan, and what it was by time: plans come by the host's turns and
 * their load, so that bytes a plan are no bytes a second.
 *
 * @param bytes the bytes that budget and pressure allow a plan for growth and moves; {@link
 *     Long#MAX_VALUE} without a bound
 * @param bytesPerSecond these bytes times the plans a second that added copies, over the last
 *     {@code overSeconds}; NaN if there were less than two
 * @param overSeconds the length of {@link Moved#PLANS_TICKS}
 */
public record BudgetRate(long bytes, double bytesPerSecond, double overSeconds) {
  /** Reports whether bytes are bounded. */
  public boolean isBounded() {
    return bytes < Long.MAX_VALUE;
  }

  /** Returns the budget in words, in one line. */
  public String line() {
    if (!isBounded()) {
      return "no budget bounds the bytes of a plan";
    }
    String over = " over the last " + Unit.SECONDS.print(overSeconds);
    return "the budget allows "
        + Unit.BYTES.print(bytes)
        + " a plan; plans come by turnEvery and load, "
        + (Double.isNaN(bytesPerSecond)
            ? "too few of them" + over + " to say how much a second"
            : "which was " + Unit.BYTES_PER_SECOND.print(bytesPerSecond) + over);
  }
}
