package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * The course of an amount over the steps of a window: its rate at a place from 0, the beginning, to
 * 1, the end. Immutable.
 *
 * @param name as it is written
 * @param rates the relative rate by place, at least 0
 */
record RateShape(String name, DoubleUnaryOperator rates) {
  static final RateShape CONSTANT = new RateShape("constant", place -> 1);

  private static final double DEVIATION = 0.15;
  private static final int BURSTS = 5;

  private static final List<RateShape> KNOWN =
      List.of(
          CONSTANT,
          new RateShape("ramp", place -> place),
          new RateShape("triangle", place -> 1 - Math.abs(2 * place - 1)),
          new RateShape(
              "gaussian",
              place ->
                  StrictMath.exp(-((place - 0.5) * (place - 0.5)) / (2 * DEVIATION * DEVIATION))),
          new RateShape("pulse", place -> place >= 0.4 && place < 0.6 ? 1 : 0),
          new RateShape("bursts", place -> (int) (place * BURSTS * 2) % 2 == 0 ? 1 : 0));

  /**
   * Reads one of the names, or {@code points(3,0,1)}: the rates of equal parts of the window.
   *
   * @throws UnreadableWord if it is none
   */
  static RateShape read(String word) throws UnreadableWord {
    for (RateShape known : KNOWN) {
      if (known.name.equals(word)) {
        return known;
      }
    }
    String expected =
        "constant, ramp, triangle, gaussian, pulse, bursts or points(A,B,..), not all 0";
    boolean isPoints = word.matches("points\\([0-9]{1,6}(,[0-9]{1,6})*\\)");
    UnreadableWord.unless(isPoints, word.toLowerCase(Locale.ROOT), expected);
    List<Integer> points = new ArrayList<>();
    for (String each : word.substring("points(".length(), word.length() - 1).split(",", -1)) {
      points.add(Integer.parseInt(each));
    }
    UnreadableWord.unless(points.stream().anyMatch(each -> each > 0), word, expected);
    int parts = points.size();
    return new RateShape(
        word, place -> points.get(Math.min(parts - 1, (int) Math.floor(place * parts))));
  }

  /**
   * Returns the part of {@code total} that falls on a step: the parts of all steps add up to it.
   *
   * @param step counted from 0
   * @param steps how many the window has, at least 1
   */
  long part(long total, int step, int steps) {
    double before = 0;
    double all = 0;
    for (int i = 0; i < steps; i++) {
      double rate = rates.applyAsDouble((i + 0.5) / steps);
      before += i < step ? rate : 0;
      all += rate;
    }
    if (all == 0) {
      return step == 0 ? total : 0;
    }
    double after = before + rates.applyAsDouble((step + 0.5) / steps);
    long until = step == steps - 1 ? total : (long) StrictMath.floor(total * (after / all));
    return until - (long) StrictMath.floor(total * (before / all));
  }
}
