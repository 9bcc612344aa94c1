package dev.stowage.sim.kit.scenario.words;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512KiB}, {@code 1.5GiB}, {@code 500GB}. */
public final class Sizes {
  public static final String EXPECTED =
      "a whole number of bytes with a unit, B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 1MiB";

  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,20})?)(?:B|([kKMGTP])(i?)B)");
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String PREFIXES = "KMGTP";

  private Sizes() {}

  /** Returns the bytes that {@code word} states. */
  public static long read(String word) throws UnreadableWord {
    Matcher parts = FORM.matcher(word);
    UnreadableWord.unless(parts.matches(), word, EXPECTED);
    BigDecimal step = BigDecimal.valueOf("i".equals(parts.group(3)) ? 1024 : 1000);
    String prefix = parts.group(2) == null ? "" : parts.group(2);
    int power = prefix.isEmpty() ? 0 : 1 + Math.max(0, PREFIXES.indexOf(prefix));
    try {
      return new BigDecimal(parts.group(1)).multiply(step.pow(power)).longValueExact();
    } catch (ArithmeticException notWhole) {
      throw UnreadableWord.found(word, EXPECTED);
    }
  }

  /** Returns the bytes in the largest unit that divides them. */
  public static String inWords(long bytes) {
    int unit = 0;
    long left = bytes;
    while (left != 0 && left % 1024 == 0 && unit < UNITS.length - 1) {
      left /= 1024;
      unit++;
    }
    return left + UNITS[unit];
  }
}
