package dev.stowage.sim.tool.report;

import java.util.Locale;

/** The formats of numbers for people. */
public final class NumberFormats {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private NumberFormats() {}

  /** Returns a size with three significant digits in decimal units, such as {@code 95.1 GB}. */
  public static String bytes(long size) {
    double shown = size;
    int unit = 0;
    while (Math.abs(shown) >= 999.5 && unit < UNITS.length - 1) {
      shown /= 1000;
      unit++;
    }
    if (unit == 0) {
      return size + " B";
    }
    int decimals = shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", shown, UNITS[unit]);
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
