package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.fleet.DomainLimits;
import dev.stowage.placement.fleet.Fleet;
import java.util.Arrays;

/** Checks whether all chunks can lie in one proportion within limits and spread. */
final class CommonFill {
  /** The rounding error allowed, in replicas. */
  private static final double NEARLY = 1e-6;

  private final Board board;
  private final Fleet fleet;

  /** The fraction of all bytes on each worker. */
  private final double[] share;

  private final boolean[] isUsed;
  private boolean possible = true;

  private CommonFill(Board board, long[] levels) {
    this.board = board;
    fleet = board.fleet;
    share = new double[fleet.count];
    isUsed = new boolean[fleet.count];
    double sum = 0;
    for (int worker : fleet.order) {
      boolean stays = fleet.present[worker] && !fleet.leaving[worker];
      boolean isFixed = stays && !fleet.placeable[worker];
      share[worker] = isFixed ? Math.max(0, board.expectedBytes(worker)) : levels[worker];
      isUsed[worker] = share[worker] > 0;
      sum += share[worker];
    }
    for (int worker : fleet.order) {
      share[worker] /= Math.max(1, sum);
    }
  }

  /** Reports whether the demand can lie in proportion to {@code levels}. */
  static boolean isPossible(Board board, Demand demand, long[] levels) {
    CommonFill fill = new CommonFill(board, levels);
    double[] largest = new double[1];
    for (int worker : board.fleet.order) {
      largest[0] =
          board.fleet.placeable[worker] ? Math.max(largest[0], fill.share[worker]) : largest[0];
    }
    fill.require(demand, (pool, floor, replicas) -> replicas * largest[0] <= 1 + NEARLY);
    for (int level = 0; fill.possible && level <= board.fleet.inner.length; level++) {
      fill.spread(demand, level);
    }
    DomainLimits limits = board.fleet.limits;
    for (int level = 0; fill.possible && level < limits.levels(); level++) {
      double most = fill.largest(limits.domain[level], limits.count(level));
      int limit = limits.most[level];
      fill.require(demand, (pool, floor, replicas) -> replicas * most <= limit + NEARLY);
    }
    return fill.possible;
  }

  @FunctionalInterface
  private interface Rule {
    boolean holds(int pool, int floor, int replicas);
  }

  private void require(Demand demand, Rule rule) {
    for (int pool : fleet.poolOrder) {
      int of = pool;
      demand.forEach(pool, (floor, replicas, bytes) -> possible &= rule.holds(of, floor, replicas));
    }
  }

  private void spread(Demand demand, int level) {
    if (fleet.zones <= 1) {
      return;
    }
    int[] domain = level == 0 ? fleet.zone : fleet.inner[level - 1];
    int count = 1 + Arrays.stream(domain).max().orElse(-1);
    double[] sums = sums(domain, count);
    double largest = Arrays.stream(sums).max().orElse(0);
    require(
        demand,
        (pool, floor, replicas) -> {
          int wanted =
              level == 0
                  ? fleet.zonesWanted(floor, pool)
                  : fleet.innerWanted(floor, pool, level - 1);
          return wanted <= 1
              || replicas * largest <= 1 + NEARLY
              || Arrays.stream(sums).map(sum -> Math.min(1, replicas * sum)).sum()
                  >= wanted - NEARLY;
        });
  }

  private double largest(int[] domain, int count) {
    return Arrays.stream(sums(domain, count)).max().orElse(0);
  }

  private double[] sums(int[] domain, int count) {
    double[] sums = new double[count];
    for (int worker : board.fleet.order) {
      sums[domain[worker]] += isUsed[worker] ? share[worker] : 0;
    }
    return sums;
  }
}
