package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * Compares a figure of a run with a bound.
 *
 * @param text as it is written
 * @param step the step after which it is compared; 0 for the end of the run
 * @param figure the figure
 * @param comparison {@code =}, {@code <=} or {@code >=}
 * @param bound what it is compared with
 */
public record Expectation(
    String text, int step, RunFigure figure, String comparison, BigDecimal bound) {
  /** Reads {@code [at STEP:] FIGURE = NUMBER}. */
  static Expectation read(String text) throws UnreadableWord {
    WordReader words = WordReader.of(text.replaceFirst("^(at [0-9]+):", "$1"));
    int step = words.skip("at") ? Window.step(words) : 0;
    String word = words.take("a figure");
    RunFigure figure =
        Arrays.stream(RunFigure.values())
            .filter(each -> each.word().equals(word))
            .findFirst()
            .orElse(null);
    if (figure == null) {
      List<String> known = Arrays.stream(RunFigure.values()).map(RunFigure::word).toList();
      throw UnreadableWord.unknown(word, known, "one of " + RunFigure.words());
    }
    String comparison = words.oneOf(List.of("=", "<=", ">="));
    String number = words.take("a number");
    UnreadableWord.unless(number.matches("[0-9]{1,18}(\\.[0-9]{1,9})?"), number, "a number");
    words.end();
    return new Expectation(text, step, figure, comparison, new BigDecimal(number));
  }

  /** Reports whether a value of the figure is as expected. */
  boolean holds(double value) {
    if (!Double.isFinite(value)) {
      return comparison.equals(">=");
    }
    int order = new BigDecimal(value).compareTo(bound);
    return switch (comparison) {
      case "=" -> order == 0;
      case "<=" -> order <= 0;
      default -> order >= 0;
    };
  }
}
