package dev.stowage.shape;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The unit of a number. The name of a field ends in the suffix of its unit. */
public enum Unit {
  /** A plain number. */
  NONE(""),
  /** Bytes. */
  BYTES("_bytes"),
  /** Bytes in a second. */
  BYTES_PER_SECOND("_bytes_per_second"),
  /** Ticks. */
  TICKS("_ticks"),
  /** Nanoseconds. */
  NANOS("_nanos"),
  /** Seconds. */
  SECONDS("_seconds"),
  /** Millionths of one. */
  MILLIONTHS("_millionths");

  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String PREFIXES = "KMGTPE";
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,20})?)(?:B|([kKMGTP])(i?)B)");
  private static final BigDecimal BYTE_STEP = BigDecimal.valueOf(1024);
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int LARGEST_WHOLE = 4;
  private static final double TWO_DIGITS = 100;

  private final String suffix;

  Unit(String suffix) {
    this.suffix = suffix;
  }

  /** Returns the suffix of names of this unit; empty for {@link #NONE}. */
  public String suffix() {
    return suffix;
  }

  /** Returns a whole amount as people read it: sizes of three digits, such as {@code 18.6 GiB}. */
  public String print(long amount) {
    return print((double) amount);
  }

  /**
   * Returns an amount as people read it, such as {@code 1.5 GiB} or {@code 2.5 min}; {@code no
   * bound} if infinite.
   */
  public String print(double amount) {
    if (Double.isInfinite(amount)) {
      return "no bound";
    }
    if (Double.isNaN(amount)) {
      return "unknown";
    }
    return switch (this) {
      case BYTES -> size(new BigDecimal(amount), RoundingMode.HALF_UP);
      case BYTES_PER_SECOND -> BYTES.print(amount) + "/s";
      case SECONDS -> time(amount);
      case TICKS -> decimals(amount) + " ticks";
      case NANOS -> time(amount / 1e9);
      case MILLIONTHS -> decimals(amount / 1e6);
      case NONE -> decimals(amount);
    };
  }

  /** Reads a whole number of bytes with a unit, such as {@code 1.5GiB}; empty for other texts. */
  public static OptionalLong readBytes(String text) {
    Matcher parts = SIZE.matcher(text);
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    BigDecimal step = BigDecimal.valueOf("i".equals(parts.group(3)) ? 1024 : 1000);
    String prefix = parts.group(2) == null ? "" : parts.group(2);
    int power =
        prefix.isEmpty() ? 0 : 1 + Math.max(0, PREFIXES.indexOf(prefix.toUpperCase(Locale.ROOT)));
    try {
      return OptionalLong.of(
          new BigDecimal(parts.group(1)).multiply(step.pow(power)).longValueExact());
    } catch (ArithmeticException notWhole) {
      return OptionalLong.empty();
    }
  }

  /** Returns bytes in the largest unit up to TiB that divides them, such as {@code 40TiB}. */
  public static String wholeBytes(long bytes) {
    int unit = 0;
    long left = bytes;
    while (left != 0 && left % 1024 == 0 && unit < LARGEST_WHOLE) {
      left /= 1024;
      unit++;
    }
    return left + SIZES[unit];
  }

  /** Returns bytes as {@link #print} does, rounded up: what has room has room for them. */
  public static String bytesAtLeast(long bytes) {
    return size(BigDecimal.valueOf(bytes), RoundingMode.CEILING);
  }

  private static String size(BigDecimal bytes, RoundingMode mode) {
    BigDecimal left = bytes;
    int at = 0;
    while (left.compareTo(BYTE_STEP) >= 0 && at < SIZES.length - 1) {
      left = left.divide(BYTE_STEP);
      at++;
    }
    int places = left.compareTo(BigDecimal.TEN) < 0 ? 2 : left.compareTo(HUNDRED) < 0 ? 1 : 0;
    return plain(left.setScale(places, mode)) + " " + SIZES[at];
  }

  // Two of a larger unit are the first that are said in it.
  private static String time(double seconds) {
    if (seconds > 0 && seconds < 0.1) {
      return decimals(seconds * 1e3) + " ms";
    }
    return seconds < 120
        ? decimals(seconds) + " s"
        : seconds < 7_200
            ? tenths(seconds / 60) + " min"
            : seconds < 172_800 ? tenths(seconds / 3_600) + " h" : tenths(seconds / 86_400) + " d";
  }

  private static String tenths(double amount) {
    return decimals(Math.rint(amount * 10) / 10);
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }

  private static String decimals(double amount) {
    String text =
        String.format(Locale.ROOT, Math.abs(amount) < TWO_DIGITS ? "%.2f" : "%.0f", amount);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  static Unit of(String name) {
    Unit longest = NONE;
    for (Unit unit : values()) {
      if (name.endsWith(unit.suffix) && unit.suffix.length() > longest.suffix.length()) {
        longest = unit;
      }
    }
    return longest;
  }
}
