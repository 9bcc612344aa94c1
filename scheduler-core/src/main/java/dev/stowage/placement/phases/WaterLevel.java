package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

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
    Integer[] order = new Integer[sets.size()];
    Arrays.setAll(order, at -> at);
    Arrays.sort(order, Comparator.comparingInt(at -> sets.get(at).cardinality()));
    DomainCaps caps = new DomainCaps(board, demand);
    for (int at : order) {
      caps.pour(sets.get(at), demands.get(at), levels, basinOf);
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
}
