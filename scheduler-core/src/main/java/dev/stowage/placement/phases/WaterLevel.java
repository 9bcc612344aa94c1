package dev.stowage.placement.phases;

import dev.stowage.columns.WideSum;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.fleet.Fill;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The common fill at which wanted bytes lie evenly; where pools or domains forbid one, a fill for
 * each pool, and less in each domain that can take no more.
 */
public final class WaterLevel {
  private final Board board;
  private final Demand demand;
  private final List<BitSet> sets = new ArrayList<>();
  private final List<BigInteger> demands = new ArrayList<>();
  private final long[] levels;
  private final int[] basinOf;
  private int basins;

  private WaterLevel(Board board, Demand demand, long[] levels, int[] basinOf) {
    this.board = board;
    this.demand = demand;
    this.levels = levels;
    this.basinOf = basinOf;
  }

  /** Sets the level of every placeable worker in bytes; other workers get 0. */
  public static void set(Board board, Demand demand) {
    Arrays.fill(board.level, 0);
    Arrays.fill(board.basin, 0);
    new WaterLevel(board, demand, board.level, board.basin).pour();
  }

  /** Returns the level of every worker in bytes; 0 for workers without one. */
  public static long[] of(Board board, Demand demand) {
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
    if (sets.size() == 1) {
      raise(sets.get(0), demands.get(0));
    }
    if (sets.size() > 1 || (sets.size() == 1 && !new DomainCaps(board, demand).hold(levels))) {
      pourUnevenly();
    }
  }

  private void add(int pool, BigInteger wanted) {
    BitSet members = new BitSet();
    for (int worker : board.fleet.pools[pool].placeable) {
      members.set(worker);
    }
    int known = sets.indexOf(members);
    if (known >= 0) {
      demands.set(known, demands.get(known).add(wanted));
    } else if (!members.isEmpty()) {
      sets.add(members);
      demands.add(wanted);
    }
  }

  /** Pours the narrowest pool first, each on top of what lies there, within caps of domains. */
  private void pourUnevenly() {
    Arrays.fill(levels, 0);
    Arrays.fill(basinOf, 0);
    basins = 0;
    Integer[] order = new Integer[sets.size()];
    Arrays.setAll(order, at -> at);
    Arrays.sort(order, Comparator.comparingInt(at -> sets.get(at).cardinality()));
    DomainCaps caps = new DomainCaps(board, demand);
    for (int at : order) {
      basins = caps.pour(levels, basinOf, basins, sets.get(at), demands.get(at), this::reach);
    }
  }

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

  private long reach(int worker) {
    return Math.min(board.reach[worker], board.catalogue.totalBytes());
  }

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
