package dev.stowage.placement.fleet;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The budget of some workers for the classes only they may hold. A worker holds a chunk once, so
 * all but {@code beside} replicas of a chunk lie outside the {@code beside} largest workers; such a
 * pool has the budget of the others and counts only those replicas.
 */
final class FactorPool {
  /** Orders pools by number of workers, ties by the lowest differing worker. */
  static final Comparator<FactorPool> ORDER =
      Comparator.<FactorPool>comparingInt(pool -> pool.members.cardinality())
          .thenComparing(pool -> pool.members.toString())
          .thenComparingInt(pool -> pool.beside);

  private final BitSet members;
  private final List<WeightClass> all = new ArrayList<>();
  private final List<WeightClass> open = new ArrayList<>();
  private final BigInteger budget;
  private final int beside;
  private BigInteger left;

  FactorPool(BitSet members, BigInteger budget, int beside) {
    this.members = members;
    this.budget = budget;
    this.beside = beside;
    left = budget;
  }

  /** Adds the classes of {@code inner} if that set lies within this pool's. */
  void admit(BitSet inner, List<WeightClass> classes) {
    BitSet outside = (BitSet) inner.clone();
    outside.andNot(members);
    if (outside.isEmpty()) {
      all.addAll(classes);
      open.addAll(classes);
    }
  }

  boolean isWhole() {
    return beside == 0;
  }

  boolean floorsExceedBudget() {
    BigInteger floors = BigInteger.ZERO;
    for (WeightClass each : all) {
      floors = floors.add(each.bytes.value().multiply(BigInteger.valueOf(each.floor)));
    }
    return floors.compareTo(budget) > 0;
  }

  static FactorPool tightest(List<FactorPool> pools) {
    FactorPool tightest = pools.get(0);
    FactorShare least = tightest.share();
    for (FactorPool pool : pools.subList(1, pools.size())) {
      FactorShare share = pool.share();
      if (share.isLessThan(least)) {
        tightest = pool;
        least = share;
      }
    }
    return tightest;
  }

  private FactorShare share() {
    return FactorShare.of(left, open, beside);
  }

  /** Fixes the open classes with counted replicas at their share and returns them. */
  List<WeightClass> fix() {
    FactorShare share = share();
    List<WeightClass> fixed = new ArrayList<>();
    for (WeightClass each : open) {
      long earned =
          each.cappedMillionths >= 0 ? each.cappedMillionths : share.millionths(each.weight);
      long bounded = Math.max(earned, (long) each.floor * PlacementConfig.ONE);
      if (beside == 0 || bounded >= (long) beside * PlacementConfig.ONE - 1) {
        each.shareMillionths = bounded;
        fixed.add(each);
      }
    }
    if (fixed.isEmpty()) {
      open.clear();
    }
    return fixed;
  }

  void spend(WeightClass fixed, FactorMode mode) {
    if (open.remove(fixed)) {
      long millionths = fixed.shareMillionths;
      if (mode == FactorMode.WHOLE) {
        millionths -= millionths % PlacementConfig.ONE;
      }
      left = left.subtract(fixed.spentAt(millionths, beside));
    }
  }

  boolean isFixed() {
    return open.isEmpty();
  }
}
