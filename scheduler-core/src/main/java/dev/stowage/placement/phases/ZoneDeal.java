package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Pool;
import java.util.Arrays;

/**
 * Deals each new chunk the zones that it should lie in, so that every zone comes to as many as its
 * water level has room for. Free draws leave a large zone out too often: chunks that should all lie
 * there, since the others have no room for more, would have to be moved there afterwards. It is
 * systematic sampling: the zones lie side by side on a line, each as long as the share of chunks it
 * gets, and a comb of unit steps is laid on it, a little farther for each chunk.
 */
final class ZoneDeal {
  /** With more zones free draws are even enough. */
  private static final int MOST_ZONES = 16;

  /** The fractional part of the golden ratio, whose multiples lie the most evenly. */
  private static final double STEP = 0.618033988749895;

  private final Board board;
  private final double[][][] ends;
  private final boolean[] dealt;
  private double offset;
  private int focus = -1;

  ZoneDeal(Board board) {
    this.board = board;
    ends = new double[board.fleet.pools.length][][];
    dealt = new boolean[board.fleet.zones];
  }

  /** To be called when the levels have changed. */
  void forget() {
    Arrays.fill(ends, null);
  }

  /** Whether the chunk in focus, which should lie in so many zones, was dealt any. */
  boolean turnTo(Pool pool, int wanted) {
    int zones = board.fleet.zones;
    if (zones < 2 || zones > MOST_ZONES || wanted < 2) {
      return false;
    }
    if (focus != board.focusCount()) {
      focus = board.focusCount();
      offset = (offset + STEP) % 1;
      double[] line = ends(pool, wanted);
      double before = Math.ceil(-offset);
      for (int zone = 0; zone < zones; zone++) {
        double now = Math.ceil(line[zone] - offset);
        dealt[zone] = now > before;
        before = now;
      }
    }
    return true;
  }

  /** Whether the chunk in focus was dealt the zone of a worker, and does not lie there yet. */
  boolean isDealt(int worker) {
    return dealt[board.fleet.zone[worker]] && board.inNewDomain(worker, 0);
  }

  /** Where each zone ends on the line for chunks that should lie in so many. */
  private double[] ends(Pool pool, int wanted) {
    double[][] ofPool = ends[pool.eligibility];
    if (ofPool == null || ofPool.length <= wanted) {
      ofPool = ofPool == null ? new double[wanted + 1][] : Arrays.copyOf(ofPool, wanted + 1);
      ends[pool.eligibility] = ofPool;
    }
    if (ofPool[wanted] == null) {
      ofPool[wanted] = line(pool, wanted);
    }
    return ofPool[wanted];
  }

  private double[] line(Pool pool, int wanted) {
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
    double end = 0;
    for (int zone = 0; zone < share.length; zone++) {
      end += share[zone];
      share[zone] = end;
    }
    return share;
  }
}
