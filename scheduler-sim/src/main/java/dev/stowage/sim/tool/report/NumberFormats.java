package dev.stowage.sim.tool.report;

import dev.stowage.shape.Unit;
import java.util.Locale;

/** The formats of numbers for people. */
public final class NumberFormats {
  private NumberFormats() {}

  /** Returns a size, for templates. */
  public static String bytes(long size) {
    return Unit.BYTES.print(size);
  }

  /** Returns a count with commas between thousands. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns a count and its noun in number: {@code 1 chunk}, {@code 2 chunks}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** Returns a number with {@code places} decimals. */
  public static String decimals(double number, int places) {
    return Double.isInfinite(number)
        ? "-"
        : String.format(Locale.ROOT, "%." + places + "f", number);
  }
}
