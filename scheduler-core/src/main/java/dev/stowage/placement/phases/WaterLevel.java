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
import java.util.List;

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
      raiseByZones(fullest, most, room);
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
    workers.stream().forEach(worker -> sum.add(board.fleet.capacity[worker]));
    return sum.value();
  }

  /** Raises the workers together, or zone by zone where spreading keeps some from one level. */
  private void raiseByZones(BitSet workers, BigInteger bytes, BigInteger room) {
    if (board.fleet.zones <= 1 || sets.size() > 1) {
      raise(workers, bytes, room);
      return;
    }
    int[] all = pools.get(0).stream().mapToInt(Integer::intValue).toArray();
    double sum = bytes.doubleValue();
    ZoneLevels.Part[] parts = ZoneLevels.of(board, workers, sum, demand, all);
    if (parts.length == 0) {
      raise(workers, bytes, room);
      return;
    }
    BigInteger left = bytes;
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      BigInteger part = last ? left : new BigDecimal(parts[i].bytes()).toBigInteger().min(left);
      left = left.subtract(part);
      raise(parts[i].workers(), part, capacity(parts[i].workers()));
    }
  }

  /**
   * Raises the workers together. No worker holds a chunk twice: one for which the common fill is
   * more than all chunks there are is levelled at these, and the others share the rest.
   */
  private void raise(BitSet workers, BigInteger bytes, BigInteger room) {
    BitSet open = (BitSet) workers.clone();
    BigInteger left = bytes;
    BigInteger space = room;
    long largest = largest(open);
    while (space.signum() > 0 && holdsMoreThanAll(largest, left, space)) {
      long all = board.catalogue.totalBytes();
      int basin = ++basins;
      for (int worker = open.nextSetBit(0); worker >= 0; worker = open.nextSetBit(worker + 1)) {
        if (board.fleet.capacity[worker] == largest) {
          levels[worker] = Math.min(largest, all);
          basinOf[worker] = basin;
          open.clear(worker);
          left = left.subtract(BigInteger.valueOf(all)).max(BigInteger.ZERO);
          space = space.subtract(BigInteger.valueOf(largest));
        }
      }
      largest = largest(open);
    }
    if (space.signum() > 0) {
      raiseAlike(open, left, space);
    }
  }

  /** Whether a worker of this capacity would hold more than all chunks at the common fill. */
  private boolean holdsMoreThanAll(long capacity, BigInteger bytes, BigInteger room) {
    BigInteger all = BigInteger.valueOf(board.catalogue.totalBytes());
    return BigInteger.valueOf(capacity).multiply(bytes).compareTo(all.multiply(room)) > 0;
  }

  private long largest(BitSet workers) {
    return workers.stream().mapToLong(worker -> board.fleet.capacity[worker]).max().orElse(0);
  }

  private void raiseAlike(BitSet workers, BigInteger bytes, BigInteger room) {
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
