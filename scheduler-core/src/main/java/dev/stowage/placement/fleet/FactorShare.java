package dev.stowage.placement.fleet;

import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The share K of a budget: weight w earns {@code w x K} replicas, by the published formula; what
 * upper clamps (workers, cap) free goes to the other classes.
 */
final class FactorShare {
  /** K as a fraction; the denominator 0 means unbounded. */
  private BigInteger numerator = BigInteger.ZERO;

  private BigInteger denominator = BigInteger.ZERO;

  /** The number of replicas of each chunk that cost nothing. */
  private final int beside;

  private FactorShare(int beside) {
    this.beside = beside;
  }

  /** Divides a budget in bytes; without any bytes all classes stay at their floor. */
  static FactorShare of(BigInteger budget, List<WeightClass> classes, int beside) {
    List<WeightClass> open = new ArrayList<>(classes);
    FactorShare share = new FactorShare(beside);
    open.sort(share::compareByFloor);
    BigInteger left = budget;
    classes.forEach(each -> each.cappedMillionths = -1);
    if (!classes.isEmpty() && classes.stream().allMatch(each -> each.weighted().signum() == 0)) {
      share.numerator = BigInteger.ONE.negate();
      return share;
    }
    while (true) {
      share.solve(left, open);
      if (share.isUnbounded()) {
        return share;
      }
      List<WeightClass> below = new ArrayList<>();
      for (WeightClass each : open) {
        if (share.exceeds(each.weight, each.sharedUpTo())) {
          each.cappedMillionths = share.millionths(each.weight);
          left = left.subtract(each.spentAt(each.cappedMillionths, beside));
        } else {
          below.add(each);
        }
      }
      if (below.size() == open.size()) {
        return share;
      }
      open = below;
    }
  }

  private void solve(BigInteger budget, List<WeightClass> ascending) {
    numerator = budget;
    denominator = BigInteger.ZERO;
    for (WeightClass each : ascending) {
      numerator = numerator.add(times(each.bytes, beside));
      denominator = denominator.add(each.weighted());
    }
    for (WeightClass each : ascending) {
      if (denominator.signum() == 0 || !isBelow(each.weight, least(each))) {
        return;
      }
      numerator = numerator.subtract(times(each.bytes, least(each)));
      denominator = denominator.subtract(each.weighted());
    }
  }

  private int least(WeightClass each) {
    return Math.max(each.reachableFloor(), beside);
  }

  /** Orders classes by weight per replica of the floor, lowest first. */
  private int compareByFloor(WeightClass one, WeightClass other) {
    return Long.compare((long) one.weight * least(other), (long) other.weight * least(one));
  }

  boolean isUnbounded() {
    return denominator.signum() == 0 && numerator.signum() >= 0;
  }

  boolean isLessThan(FactorShare other) {
    if (isUnbounded() || other.isUnbounded()) {
      return !isUnbounded() && other.isUnbounded();
    }
    return numerator
            .multiply(other.safeDenominator())
            .compareTo(other.numerator.multiply(safeDenominator()))
        < 0;
  }

  /** Returns {@code weight x K} in millionths, rounded down, from 0 to the largest int. */
  long millionths(int weight) {
    long most = (long) Integer.MAX_VALUE * PlacementConfig.ONE;
    if (isUnbounded()) {
      return most;
    }
    if (numerator.signum() <= 0) {
      return 0;
    }
    BigInteger share =
        numerator
            .multiply(BigInteger.valueOf((long) weight * PlacementConfig.ONE))
            .divide(safeDenominator());
    return share.bitLength() > 62 ? most : Math.min(most, share.longValue());
  }

  private boolean isBelow(int weight, int replicas) {
    return compare(weight, replicas) < 0;
  }

  private boolean exceeds(int weight, int replicas) {
    return compare(weight, replicas) > 0;
  }

  private int compare(int weight, int replicas) {
    return numerator
        .multiply(BigInteger.valueOf(weight))
        .compareTo(safeDenominator().multiply(BigInteger.valueOf(replicas)));
  }

  /** Returns 1 in place of 0, which keeps the sign when every class stays at its floor. */
  private BigInteger safeDenominator() {
    return denominator.signum() == 0 ? BigInteger.ONE : denominator;
  }

  private static BigInteger times(WideSum bytes, int replicas) {
    return bytes.value().multiply(BigInteger.valueOf(replicas));
  }
}
