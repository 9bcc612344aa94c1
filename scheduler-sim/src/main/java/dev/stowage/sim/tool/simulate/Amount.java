package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.math.BigDecimal;

/**
 * A number of chunks or workers: a count, or a share of those that there are.
 *
 * @param number the count, or the percentage
 * @param isShare true for a percentage
 */
record Amount(BigDecimal number, boolean isShare) {
  static final String EXPECTED = "a count such as 500, or a share such as 2.5%";

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

  static Amount read(String word) throws UnreadableWord {
    boolean isShare = word.endsWith("%");
    String digits = isShare ? word.substring(0, word.length() - 1) : word;
    boolean isNumber = digits.matches(isShare ? "[0-9]{1,6}(\\.[0-9]{1,6})?" : "[0-9]{1,10}");
    UnreadableWord.unless(isNumber, word, EXPECTED);
    BigDecimal number = new BigDecimal(digits);
    UnreadableWord.unless(
        number.signum() > 0 && number.compareTo(MOST) <= 0, word, EXPECTED + ", above 0");
    return new Amount(number, isShare);
  }

  static Amount take(WordReader words) throws UnreadableWord {
    return read(words.take(EXPECTED));
  }

  /** Returns how many of {@code all} these are, rounded down; a share of some is at least one. */
  long of(long all) {
    if (!isShare) {
      return number.longValueExact();
    }
    long part = number.multiply(BigDecimal.valueOf(all)).divideToIntegralValue(HUNDRED).longValue();
    return all > 0 ? Math.max(1, part) : 0;
  }
}
