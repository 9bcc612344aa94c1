package dev.stowage.placement.phases;

import dev.stowage.columns.Avalanche;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Pool;
import java.util.Arrays;

/**
 * Deals new chunks zones by systematic sampling in proportion to room, because free draws would
 * miss a large zone too often.
 */
final class ZoneDeal {
  /** The most zones to deal; free draws are even enough with more. */
  private static final int MOST_ZONES = 16;

  /** The relative difference below which shares are left to free draws. */
  private static final double ALIKE = 0.1;

  private static final long SALT = 0x7f4a7c15f39cc060L;

  private final Board board;
  private final double[][][] shares;
  private final boolean[] dealt;
  private final int[] order;
  private int focus = -1;
  private boolean isFresh;

  ZoneDeal(Board board) {
    this.board = board;
    shares = new double[board.fleet.pools.length][][];
    dealt = new boolean[board.fleet.zones];
    order = new int[board.fleet.zones];
  }

  void forget() {
    Arrays.fill(shares, null);
  }

  boolean turnTo(int chunk, Pool pool, int wanted) {
    int zones = board.fleet.zones;
    if (zones < 2 || zones > MOST_ZONES || wanted < 2) {
      return false;
    }
    double[] share = shares(pool, wanted);
    if (share.length == 0) {
      return false;
    }
    if (focus != board.focusCount()) {
      focus = board.focusCount();
      isFresh = board.zonesSeen == 0;
      if (isFresh) {
        deal(share, Avalanche.of(board.chunks.keyHash[chunk] ^ SALT));
      }
    }
    return isFresh;
  }

  private void deal(double[] share, long hash) {
    long draw = hash;
    for (int zone = 0; zone < order.length; zone++) {
      int at = (int) Long.remainderUnsigned(draw, zone + 1);
      order[zone] = order[at];
      order[at] = zone;
      draw = Avalanche.of(draw);
    }
    double offset = (draw >>> 11) * 0x1p-53;
    double end = 0;
    double before = Math.ceil(-offset);
    for (int zone : order) {
      end += share[zone];
      double now = Math.ceil(end - offset);
      dealt[zone] = now > before;
      before = now;
    }
  }

  boolean isDealt(int worker) {
    return dealt[board.fleet.zone[worker]] && board.inNewDomain(worker, 0);
  }

  /** Returns the fraction of chunks for each zone; empty if nearly equal. */
  private double[] shares(Pool pool, int wanted) {
    double[][] ofPool = shares[pool.eligibility];
    if (ofPool == null || ofPool.length <= wanted) {
      ofPool = ofPool == null ? new double[wanted + 1][] : Arrays.copyOf(ofPool, wanted + 1);
      shares[pool.eligibility] = ofPool;
    }
    if (ofPool[wanted] == null) {
      double[] share = shared(pool, wanted);
      double largest = Arrays.stream(share).max().orElse(0);
      double least = Arrays.stream(share).min().orElse(0);
      ofPool[wanted] = largest - least > ALIKE * largest ? share : new double[0];
    }
    return ofPool[wanted];
  }

  private double[] shared(Pool pool, int wanted) {
    double[] level = new double[board.fleet.zones];
    for (int worker : pool.placeable) {
      level[board.fleet.zone[worker]] += board.level[worker];
    }
    double[] share = new double[level.length];
    boolean[] isFull = new boolean[level.length];
    boolean again = true;
    while (again) {
      again = false;
      double left = wanted;
      double sum = 0;
      for (int zone = 0; zone < level.length; zone++) {
        left -= isFull[zone] ? 1 : 0;
        sum += isFull[zone] ? 0 : level[zone];
      }
      for (int zone = 0; zone < level.length; zone++) {
        share[zone] = isFull[zone] ? 1 : sum > 0 ? level[zone] * left / sum : 0;
        if (share[zone] > 1) {
          isFull[zone] = true;
          again = true;
        }
      }
    }
    return share;
  }
}
