package dev.stowage.sim.kit.scenario.words;

import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time as people write it, such as {@code 20m}.
 *
 * @param number the number
 * @param unit the length that it counts; zero for ticks
 */
public record TimeSpan(long number, Duration unit) {
  public static final String EXPECTED = "a number of ticks, or a time such as 90s, 20m, 1h or 2d";

  /** Names the spans that have a unit. */
  public static final String EXPECTED_TIME = "a time such as 90s, 20m, 1h or 2d";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([smhd]?)");
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  /** Reads a span. */
  public static TimeSpan read(String word) throws UnreadableWord {
    Matcher parts = FORM.matcher(word);
    UnreadableWord.unless(parts.matches(), word, EXPECTED);
    return new TimeSpan(
        Long.parseLong(parts.group(1)),
        switch (parts.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          case "d" -> Duration.ofDays(1);
          default -> Duration.ZERO;
        });
  }

  /** Returns the number of ticks, rounded up, at most the largest long. */
  public long ticks(Duration tickLength) {
    if (unit.isZero()) {
      return number;
    }
    BigInteger nanos = BigInteger.valueOf(number).multiply(BigInteger.valueOf(unit.toNanos()));
    BigInteger length = BigInteger.valueOf(tickLength.toNanos());
    return nanos.add(length).subtract(BigInteger.ONE).divide(length).min(MOST).longValueExact();
  }
}
