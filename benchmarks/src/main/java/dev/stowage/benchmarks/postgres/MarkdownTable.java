package dev.stowage.benchmarks.postgres;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** A table of Markdown: the measured figure, the bar beside it, and the verdict. */
final class MarkdownTable {
  private final PrintStream out;
  private int missed;

  MarkdownTable(PrintStream out) {
    this.out = out;
    out.println("| figure | measured | bar | met |");
    out.println("| --- | --- | --- | --- |");
  }

  void atMost(String what, double measured, double bar, String unit) {
    row(what, measured, "<= " + number(bar) + unit, unit, measured <= bar);
  }

  void atLeast(String what, double measured, double bar, String unit) {
    row(what, measured, ">= " + number(bar) + unit, unit, measured >= bar);
  }

  void plain(String what, double measured, String unit) {
    out.println("| " + what + " | " + number(measured) + unit + " | | |");
    out.flush();
  }

  int missed() {
    return missed;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void row(String what, double measured, String bar, String unit, boolean isMet) {
    missed += isMet ? 0 : 1;
    out.println(
        "| "
            + what
            + " | "
            + number(measured)
            + unit
            + " | "
            + bar
            + " | "
            + (isMet ? "yes" : "**no**")
            + " |");
    out.flush();
  }

  private static String number(double value) {
    return value >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
