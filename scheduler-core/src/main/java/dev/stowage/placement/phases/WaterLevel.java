package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.fleet.Fill;
import dev.stowage.placement.fleet.WideSum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The common fill fraction at which the wanted bytes lie evenly. Where chunks are bound to pools
 * the fullest set of workers is levelled by itself, then what is left: the same bytes can lie no
 * flatter.
 */
final class WaterLevel {
  private final Board board;
  private final Demand demand;
  private final List<BitSet> sets = new ArrayList<>();
  private final List<BigInteger> demands = new ArrayList<>();
  private final List<List<Integer>> pools = new ArrayList<>();
  private final long[] levels;
  private final int[] basinOf;
  private int basins;

  private WaterLevel(Board board, Demand demand, long[] levels, int[] basinOf) {
    this.board = board;
    this.demand = demand;
    this.levels = levels;
    this.basinOf = basinOf;
  }

  /** Sets the level of every worker that can be given replicas; the others have none. */
  static void set(Board board, Demand demand) {
    Arrays.fill(board.level, 0);
    Arrays.fill(board.basin, 0);
    new WaterLevel(board, demand, board.level, board.basin).pour();
  }

  /** The level in bytes of every worker for a demand; 0 for those that have none. */
  static long[] of(Board board, Demand demand) {
    long[] levels = new long[board.fleet.count];
    new WaterLevel(board, demand, levels, new int[levels.length]).pour();
    return levels;
  }

  private void pour() {
    for (int pool : board.fleet.poolOrder) {
      BigInteger wanted = demand.bytes[pool].value();
      if (wanted.signum() > 0) {
        add(pool, wanted);
      }
    }
    pourAll();
  }

  private void add(int pool, BigInteger wanted) {
    BitSet members = new BitSet();
    for (int worker : board.fleet.pools[pool].placeable) {
      members.set(worker);
    }
    int known = sets.indexOf(members);
    if (known >= 0) {
      pools.get(known).add(pool);
      demands.set(known, demands.get(known).add(wanted));
    } else if (!members.isEmpty()) {
      sets.add(members);
      demands.add(wanted);
      pools.add(new ArrayList<>(List.of(pool)));
    }
  }

  private void pourAll() {
    BitSet open = new BitSet();
    sets.forEach(open::or);
    while (!open.isEmpty()) {
      BitSet fullest = new BitSet();
      BigInteger most = BigInteger.ZERO;
      BigInteger room = BigInteger.ONE;
      for (BitSet set : sets) {
        BitSet still = (BitSet) set.clone();
        still.and(open);
        BigInteger within = demandWithin(set, open);
        BigInteger capacity = capacity(still);
        boolean fuller =
            capacity.signum() > 0
                && (fullest.isEmpty()
                    || within.multiply(room).compareTo(most.multiply(capacity)) > 0);
        if (fuller) {
          fullest = still;
          most = within;
          room = capacity;
        }
      }
      if (fullest.isEmpty()) {
        return;
      }
      raiseByZones(fullest, most);
      open.andNot(fullest);
    }
  }

  /** Bytes of the sets that lie within {@code outer} as far as they are not levelled yet. */
  private BigInteger demandWithin(BitSet outer, BitSet open) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < sets.size(); i++) {
      BitSet outside = (BitSet) sets.get(i).clone();
      outside.and(open);
      boolean levelled = outside.isEmpty();
      outside.andNot(outer);
      if (!levelled && outside.isEmpty()) {
        sum = sum.add(demands.get(i));
      }
    }
    return sum;
  }

  private BigInteger capacity(BitSet workers) {
    WideSum sum = new WideSum();
    workers.stream().forEach(worker -> sum.add(board.reach[worker]));
    return sum.value();
  }

  /**
   * Raises the workers together, or zone by zone where spreading, or what a domain may have, keeps
   * some from one level.
   */
  private void raiseByZones(BitSet workers, BigInteger bytes) {
    boolean isOne = board.fleet.zones <= 1 && !board.domains.isAny();
    if (isOne || sets.size() > 1) {
      raise(workers, bytes);
      return;
    }
    int[] all = pools.get(0).stream().mapToInt(Integer::intValue).toArray();
    double sum = bytes.doubleValue();
    ZoneLevels.Part[] parts = ZoneLevels.of(board, workers, sum, demand, all);
    if (parts.length == 0) {
      raise(workers, bytes);
      return;
    }
    BigInteger left = bytes;
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      BigInteger part = last ? left : new BigDecimal(parts[i].bytes()).toBigInteger().min(left);
      left = left.subtract(part);
      raise(parts[i].workers(), part);
    }
  }

  /**
   * Raises the workers together; those that cannot be given their part of that have what they
   * reach, and the others share the rest.
   */
  private void raise(BitSet workers, BigInteger bytes) {
    BitSet open = (BitSet) workers.clone();
    Map<List<Long>, Integer> alike = new HashMap<>();
    BigInteger left = bytes;
    while (true) {
      WideSum capacities = new WideSum();
      open.stream().forEach(worker -> capacities.add(board.fleet.capacity[worker]));
      BigInteger room = capacities.value();
      BigInteger now = left;
      BitSet low = new BitSet();
      open.stream().filter(worker -> isBeyondReach(worker, now, room)).forEach(low::set);
      if (room.signum() == 0) {
        return;
      }
      if (low.isEmpty()) {
        raiseTogether(open, left, room);
        return;
      }
      for (int worker = low.nextSetBit(0); worker >= 0; worker = low.nextSetBit(worker + 1)) {
        levels[worker] = reach(worker);
        basinOf[worker] =
            alike.computeIfAbsent(
                List.of(board.fleet.capacity[worker], levels[worker]), key -> ++basins);
        left = left.subtract(BigInteger.valueOf(levels[worker]));
      }
      open.andNot(low);
    }
  }

  /** What its number of replicas lets a worker hold; no worker holds a chunk twice. */
  private long reach(int worker) {
    return Math.min(board.reach[worker], board.catalogue.totalBytes());
  }

  /** Whether a worker's part of these bytes is more than it reaches. */
  private boolean isBeyondReach(int worker, BigInteger bytes, BigInteger room) {
    long reach = reach(worker);
    long capacity = board.fleet.capacity[worker];
    return reach < capacity
        && bytes
                .multiply(BigInteger.valueOf(capacity))
                .compareTo(BigInteger.valueOf(reach).multiply(room))
            > 0;
  }

  private void raiseTogether(BitSet workers, BigInteger bytes, BigInteger room) {
    BigInteger poured = bytes.min(room);
    boolean narrow = room.bitLength() < Long.SIZE;
    int basin = ++basins;
    workers.stream()
        .forEach(worker -> {
          basinOf[worker] = basin;
          levels[worker] =
              narrow
                  ? Fill.scaled(
                      board.fleet.capacity[worker], poured.longValueExact(), room.longValueExact())
                  : BigInteger.valueOf(board.fleet.capacity[worker])
                      .multiply(poured)
                      .divide(room)
                      .longValueExact();
        });
  }
}
