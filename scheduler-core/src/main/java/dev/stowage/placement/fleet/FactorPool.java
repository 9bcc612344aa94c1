package dev.stowage.placement.fleet;

import dev.stowage.placement.FactorMode;
import dev.stowage.placement.PlacementConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The budget of a set of workers, and the classes whose chunks only they may hold. */
final class FactorPool {
  /** The smaller pools first; equal sizes by their lowest differing worker. */
  static final Comparator<FactorPool> ORDER =
      Comparator.<FactorPool>comparingInt(pool -> pool.members.cardinality())
          .thenComparing(pool -> pool.members.toString());

  private final BitSet members;
  private final List<WeightClass> all = new ArrayList<>();
  private final List<WeightClass> open = new ArrayList<>();
  private final BigInteger budget;
  private BigInteger left;

  FactorPool(BitSet members, BigInteger budget) {
    this.members = members;
    this.budget = budget;
    left = budget;
  }

  /** Takes in the classes of a set of workers that lies within this one. */
  void admit(BitSet inner, List<WeightClass> classes) {
    BitSet outside = (BitSet) inner.clone();
    outside.andNot(members);
    if (outside.isEmpty()) {
      all.addAll(classes);
      open.addAll(classes);
    }
  }

  boolean floorsExceedBudget() {
    BigInteger floors = BigInteger.ZERO;
    for (WeightClass each : all) {
      floors = floors.add(each.bytes.value().multiply(BigInteger.valueOf(each.floor)));
    }
    return floors.compareTo(budget) > 0;
  }

  /** The pool whose classes can rise least; the first one among equals. */
  static FactorPool tightest(List<FactorPool> pools) {
    FactorPool tightest = pools.get(0);
    FactorShare least = FactorShare.of(tightest.left, tightest.open);
    for (FactorPool pool : pools.subList(1, pools.size())) {
      FactorShare share = FactorShare.of(pool.left, pool.open);
      if (share.isLessThan(least)) {
        tightest = pool;
        least = share;
      }
    }
    return tightest;
  }

  /** Fixes the open classes at what the budget allows, and returns them. */
  List<WeightClass> fix() {
    FactorShare share = FactorShare.of(left, open);
    for (WeightClass each : open) {
      long earned =
          each.cappedMillionths >= 0 ? each.cappedMillionths : share.millionths(each.weight);
      each.shareMillionths = Math.max(earned, (long) each.floor * PlacementConfig.ONE);
    }
    return List.copyOf(open);
  }

  /** Takes a class that was fixed off the budget, if it is one of this pool's. */
  void spend(WeightClass fixed, FactorMode mode) {
    if (open.remove(fixed)) {
      long millionths = fixed.shareMillionths;
      if (mode == FactorMode.WHOLE) {
        millionths -= millionths % PlacementConfig.ONE;
      }
      left = left.subtract(fixed.spentAt(millionths));
    }
  }

  boolean isFixed() {
    return open.isEmpty();
  }
}
