package dev.stowage.placement.answer;

import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Refusal;
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

  static String why(Reason reason) {
    return switch (reason) {
      case BELOW_FLOOR -> "it has fewer replicas than its floor";
      case BELOW_TARGET -> "its weight has earned more replicas";
      case ABOVE_TARGET -> "its weight earns fewer replicas";
      case WORKER_LEAVING -> "the worker it was on is leaving";
      case NOT_ELIGIBLE -> "the worker it was on may no longer hold it";
      case OVER_CAPACITY -> "the worker it was on holds more than its capacity";
      case DOMAIN_LIMIT -> "more of its replicas lay in one domain than max_per_domain allows";
      case INTENT -> "the rebalancer asked for it";
      case PIN -> "it is pinned to a worker";
      case TOO_FEW_ZONES -> "its replicas lie in too few zones";
      case OFF_LEVEL -> "one of the two workers lies too far from the water level";
      case MAKES_ROOM -> "it makes room for a floor that found none";
      case GIVEN_UP -> "its worker has been missing the bytes for too long";
      case UNREADABLE_LEFTOVER -> "it was superseded or draining, and no portal can read it";
      case UNREADABLE_BONUS -> "it is above the floor, and no portal can read it";
      case READABLE -> "only readable replicas could make room: the last resort";
    };
  }

  public static String why(Stuck.Hindrance reason) {
    return switch (reason) {
      case FROZEN -> "the fleet is frozen: nothing moves";
      case PINNED -> "it is pinned there";
      case TOO_FEW_WORKERS -> "no active worker without a replica of it may hold it";
      case DOMAIN_LIMIT ->
          "every worker that may hold it lies in a domain that has its max_per_domain of it";
      case NO_ROOM ->
          "no worker that may take it has room, even once draining replicas are gone, and no moves"
              + " that make room were found";
    };
  }

  public static String why(Refusal refusal) {
    return switch (refusal) {
      case TOO_FEW_WORKERS -> "fewer active workers may hold it than its floor";
      case DOMAIN_LIMIT ->
          "max_per_domain allows fewer replicas than its floor on the workers that may hold it";
      case LARGER_THAN_ANY_WORKER -> "it is larger than any worker that may hold it";
      case NO_ROOM -> "no room is left on the workers that may hold it, and nothing may give way";
      case SWAP_INCOMPLETE -> "not all chunks of its swap's new side find room";
      case SWAP_WAITS -> "its swap waits for another swap that is not placed yet";
    };
  }
}
