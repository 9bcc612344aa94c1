package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.fleet.DomainLimits;
import dev.stowage.placement.fleet.Fleet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Water-filling on a tree of capped domains: max-min fairness by progressive filling (Bertsekas and
 * Gallager, "Data Networks", 6.5; Boyd and Vandenberghe, "Convex Optimization", example 5.2). The
 * bytes of a pool rise to one fill everywhere, but no domain above its cap: the most bytes that
 * limits and spread let it hold. What a full domain cannot hold rises in the others. Of three
 * copies over zones of 4, 3 and 3 equal workers each zone holds one: a worker of the first zone
 * holds a twelfth of all bytes, any other one a ninth.
 *
 * <p>The bytes grow with the fill, so bisection finds it in {@link #STEPS} steps; a full domain is
 * solved alone for its cap. A step takes time by the workers and levels. Where spread leaves too
 * little room, limits alone count.
 *
 * <p>For one pool that is the most even fill to rounding, as far as the caps of single domains
 * tell. Pools come one after the other, the narrowest first. That is exact for pools inside each
 * other if no cap binds, and else a heuristic.
 */
final class DomainCaps {
  private static final int STEPS = 60;

  /** The rounding error allowed, relative to a cap. */
  private static final double NEARLY = 1e-6;

  /** A domain: its most bytes by limits and spread, and by limits alone. */
  private record Node(double cap, double most, List<Node> kids, int[] workers) {}

  private final Board board;
  private final Fleet fleet;
  private final Demand demand;
  private final Node root;

  /** The numbers of the levels that matter, outermost first. */
  private final int[] numbers;

  private double[] base = {};
  private BitSet members = new BitSet();

  /** The basins of full workers by capacity and level. */
  private final Map<List<Long>, Integer> full = new HashMap<>();

  private int basins;

  private boolean spills;

  DomainCaps(Board board, Demand demand) {
    this.board = board;
    this.demand = demand;
    fleet = board.fleet;
    TreeSet<Integer> levels = new TreeSet<>();
    for (int level = 0; fleet.zones > 1 && level <= fleet.inner.length; level++) {
      levels.add(fleet.levelNumbers[level]);
    }
    for (int level = 0; level < fleet.limits.levels(); level++) {
      levels.add(fleet.limits.levelNumbers[level]);
    }
    numbers = levels.stream().mapToInt(Integer::intValue).toArray();
    int[] stays =
        Arrays.stream(fleet.order)
            .filter(worker -> fleet.present[worker] && !fleet.leaving[worker])
            .toArray();
    root = node(0, stays, Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private Node node(int depth, int[] workers, double cap, double most) {
    List<Node> kids = new ArrayList<>();
    if (depth < numbers.length) {
      Map<Integer, List<Integer>> parts = new LinkedHashMap<>();
      for (int worker : workers) {
        parts.computeIfAbsent(domain(depth, worker), none -> new ArrayList<>()).add(worker);
      }
      for (List<Integer> part : parts.values()) {
        int[] inside = part.stream().mapToInt(Integer::intValue).toArray();
        kids.add(node(depth + 1, inside, cap(depth, inside, true), cap(depth, inside, false)));
      }
    }
    int[] open = Arrays.stream(workers).filter(worker -> fleet.placeable[worker]).toArray();
    return new Node(cap, most, kids, open);
  }

  private int domain(int depth, int worker) {
    int level = spreadLevel(depth);
    if (level >= 0) {
      return level == 0 ? fleet.zone[worker] : fleet.inner[level - 1][worker];
    }
    return fleet.limits.domain[limitLevel(depth)][worker];
  }

  private int spreadLevel(int depth) {
    for (int level = 0; fleet.zones > 1 && level <= fleet.inner.length; level++) {
      if (fleet.levelNumbers[level] == numbers[depth]) {
        return level;
      }
    }
    return -1;
  }

  private int limitLevel(int depth) {
    DomainLimits limits = fleet.limits;
    for (int level = 0; level < limits.levels(); level++) {
      if (limits.levelNumbers[level] == numbers[depth]) {
        return level;
      }
    }
    return -1;
  }

  /** Returns the most bytes of all chunks in a domain, less what its closed workers hold. */
  private double cap(int depth, int[] workers, boolean isSpread) {
    int spread = isSpread ? spreadLevel(depth) : -1;
    int limit = limitLevel(depth);
    double[] cap = new double[1];
    for (int pool : fleet.poolOrder) {
      boolean[] admits = fleet.pools[pool].admits;
      int size = (int) Arrays.stream(workers).filter(worker -> admits[worker]).count();
      demand.forEach(
          pool,
          (floor, replicas, bytes) -> {
            int most = Math.min(replicas, size);
            if (limit >= 0) {
              most = Math.min(most, fleet.limits.most[limit]);
            }
            if (spread >= 0) {
              int wanted =
                  spread == 0
                      ? fleet.zonesWanted(floor, pool)
                      : fleet.innerWanted(floor, pool, spread - 1);
              most = Math.min(most, replicas - Math.max(1, Math.min(wanted, replicas)) + 1);
            }
            cap[0] += bytes.approximate() * most;
          });
    }
    for (int worker : workers) {
      cap[0] -= fleet.placeable[worker] ? 0 : Math.max(0, board.expectedBytes(worker));
    }
    return Math.max(0, cap[0]);
  }

  /** Raises the levels of some workers by the given bytes. */
  void pour(BitSet into, BigInteger bytes, long[] levels, int[] basinOf) {
    members = into;
    spills = false;
    base = Arrays.stream(levels).asDoubleStream().toArray();
    double wanted = amount(root, 0) + bytes.doubleValue();
    settle(root, solve(root, wanted), levels, basinOf, ++basins);
    if (amount(root, 1) < wanted * (1 - NEARLY)) {
      base = Arrays.stream(levels).asDoubleStream().toArray();
      spills = true;
      settle(root, solve(root, wanted), levels, basinOf, ++basins);
    }
  }

  private double level(int worker, double fill) {
    return members.get(worker)
        ? Math.max(base[worker], Math.min((double) reach(worker), fill * fleet.capacity[worker]))
        : base[worker];
  }

  private double amount(Node node, double fill) {
    double sum = 0;
    if (node.kids.isEmpty()) {
      for (int worker : node.workers) {
        sum += level(worker, fill);
      }
    }
    for (Node kid : node.kids) {
      sum += Math.min(cap(kid), amount(kid, fill));
    }
    return sum;
  }

  private double cap(Node node) {
    return spills ? node.most : node.cap;
  }

  private double solve(Node node, double bytes) {
    double low = 0;
    double high = 1;
    for (int step = 0; step < STEPS; step++) {
      double middle = (low + high) / 2;
      if (amount(node, middle) >= bytes) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private void settle(Node node, double fill, long[] levels, int[] basinOf, int basin) {
    if (node.kids.isEmpty()) {
      for (int worker : node.workers) {
        long level = (long) level(worker, fill);
        if (level > levels[worker]) {
          levels[worker] = level;
          boolean isFull = level == reach(worker) && level < fleet.capacity[worker];
          basinOf[worker] = isFull ? basinOfFull(fleet.capacity[worker], level) : basin;
        }
      }
    }
    for (Node kid : node.kids) {
      boolean isFull = amount(kid, fill) > cap(kid) * (1 + NEARLY);
      double own = isFull ? solve(kid, cap(kid)) : fill;
      settle(kid, own, levels, basinOf, isFull ? ++basins : basin);
    }
  }

  /** Returns the basin of the workers that can be expected to hold no more than their level. */
  private int basinOfFull(long capacity, long level) {
    return full.computeIfAbsent(List.of(capacity, level), none -> ++basins);
  }

  private long reach(int worker) {
    return Math.min(board.reach[worker], board.catalogue.totalBytes());
  }
}
