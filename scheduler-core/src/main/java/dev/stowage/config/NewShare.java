package dev.stowage.config;

import dev.stowage.config.PlacementConfig.RuleSetting;
import dev.stowage.shape.Forms;
import java.math.BigDecimal;

/**
 * Bounds what a worker gets of a dataset's new chunks in one plan, so that newcomers with much room
 * do not get all that is read first. Soft: floors, domains, pins and capacity come before it, and
 * it comes before the level of the workers.
 *
 * <p>The fair share of a worker is the number of copies, times its capacity, divided by the
 * capacity of the workers eligible for them. The bound is the factor times that, rounded up.
 */
public final class NewShare {
  /** The largest factor. */
  public static final int MOST = 1_000_000;

  /** The factor that bounds nothing. */
  public static final long NONE = Long.MAX_VALUE;

  /** The factor in millionths, at least one whole, or {@link #NONE}. */
  public static final RuleSetting<Long> FACTOR =
      new RuleSetting<>(
          "new_share",
          Forms.text(NewShare::of, NewShare::print),
          3L * PlacementConfig.ONE,
          "at most how many times its fair share of a dataset's new copies a worker gets in one"
              + " plan, as far as hard rules allow",
          "none, or a number from 1 to " + MOST + " of at most 6 decimals",
          factor -> factor == NONE || isAccepted(factor));

  private NewShare() {}

  private static boolean isAccepted(long factor) {
    return factor >= PlacementConfig.ONE && factor <= (long) MOST * PlacementConfig.ONE;
  }

  /**
   * Returns the factor of a text as in files; throws {@code IllegalArgumentException} for others
   * than {@code none} and numbers that are accepted.
   */
  public static long of(String text) {
    if (text.equals("none")) {
      return NONE;
    }
    try {
      long factor = new BigDecimal(text).movePointRight(6).longValueExact();
      if (isAccepted(factor)) {
        return factor;
      }
    } catch (NumberFormatException | ArithmeticException notAccepted) {
      // told below
    }
    throw new IllegalArgumentException(
        "new_share is '" + text + "'; none, or a number from 1 to " + MOST + " is accepted");
  }

  private static String print(long factor) {
    return factor == NONE
        ? "none"
        : BigDecimal.valueOf(factor, 6).stripTrailingZeros().toPlainString();
  }
}
