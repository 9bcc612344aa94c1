package dev.stowage.placement.answer;

import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.PoolKey;
import dev.stowage.placement.Search;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** The wording of reports and explanations. Stateless. */
public final class Words {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};
  private static final int STEP = 1000;
  private static final int PLAIN = 10 * STEP;

  private Words() {}

  public static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Formats bytes with four digits and a unit, rounded half up. */
  public static String bytes(long bytes) {
    return rounded(bytes, RoundingMode.HALF_UP);
  }

  /** Formats bytes with four digits and a unit, rounded up. */
  public static String atLeast(long bytes) {
    return rounded(bytes, RoundingMode.CEILING);
  }

  private static String rounded(long bytes, RoundingMode mode) {
    if (bytes < PLAIN) {
      return count(bytes, "byte");
    }
    BigDecimal value = BigDecimal.valueOf(bytes);
    int unit = -1;
    while (value.compareTo(BigDecimal.valueOf(STEP)) >= 0) {
      value = value.movePointLeft(3);
      unit++;
    }
    int decimals = value.precision() - value.scale();
    return value.setScale(Math.max(1, 4 - decimals), mode).toPlainString() + " " + UNITS[unit];
  }

  public static String count(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  public static String takers(int workers, String mostRoom) {
    return (workers == 0 ? "no worker" : count(workers, "worker"))
        + " without a replica may take it"
        + (workers == 0 ? "" : ", the most room on one is " + mostRoom);
  }

  public static String with(Eligibility needs) {
    List<String> labels = needs.requiredLabels().sorted();
    String with =
        labels.isEmpty()
            ? ""
            : " with the label" + (labels.size() == 1 ? " " : "s ") + String.join(", ", labels);
    if (!needs.minVersion().equals(WorkerVersion.ZERO)) {
      with += (labels.isEmpty() ? " with " : ", ") + "version " + needs.minVersion();
    }
    return with;
  }

  /** Names what a pool asks of workers, and the keys of rules. */
  public static String with(PoolKey pool) {
    String keys = String.join(", ", pool.keys());
    return with(pool.eligibility()) + (keys.isEmpty() ? "" : " (" + keys + ")");
  }

  public static String done(ActionKind kind) {
    return switch (kind) {
      case ADD -> "added";
      case READOPT -> "wanted again";
      case SUPERSEDE -> "superseded";
      case PREEMPT -> "taken away at once";
    };
  }

  public static String cutShort(Search search) {
    String what =
        switch (search) {
          case RELOCATION -> "moves that make room";
          case REPACKING -> "packings of what is added";
          case ROOM_FOR_NEW -> "moves over several plans that make room for what is left out";
          case LEVELING -> "moves that bring workers nearer to their level";
        };
    return "Not every way was tried: more " + what + " may be possible";
  }
}
