package dev.stowage.placement.phases;

import dev.stowage.columns.Avalanche;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Pool;
import java.util.Arrays;

/**
 * Deals each new chunk the zones that it should lie in, so that every zone comes to as many as its
 * water level has room for. Where zones differ, free draws leave a large one out too often: chunks
 * that should all lie there, since the others have no room for more, would have to be moved there
 * afterwards. It is systematic sampling in random order: the zones lie side by side on a line, each
 * as long as the share of chunks it gets, in an order of the chunk's own, and a comb of unit steps
 * is laid on it.
 */
final class ZoneDeal {
  /** With more zones free draws are even enough. */
  private static final int MOST_ZONES = 16;

  /** Shares that differ by less than this part of the largest are left to free draws. */
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

  /** To be called when the levels have changed. */
  void forget() {
    Arrays.fill(shares, null);
  }

  /** Whether the chunk in focus lay nowhere, and was dealt as many zones as it should lie in. */
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

  /** Whether the chunk in focus was dealt the zone of a worker, and does not lie there yet. */
  boolean isDealt(int worker) {
    return dealt[board.fleet.zone[worker]] && board.inNewDomain(worker, 0);
  }

  /** The share of chunks that should lie in so many zones which each gets; none if all alike. */
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
