package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Zones;
import java.util.Arrays;

/**
 * The placeable workers in a tournament tree: after the loss of its smallest chunk, the winner is
 * the fullest. Finding it costs one step, and a changed worker as many as the tree has levels.
 */
final class Givers {
  private static final int NOBODY = -1;

  private final Board board;
  private final long leastSize;
  private final boolean onlyAbove;

  /** The winner of each node; the children of node {@code i} are {@code 2i} and {@code 2i + 1}. */
  private final int[] winner;

  private final int leaves;

  /** Creates the tree of all workers, or of those above their level. */
  Givers(Board board, boolean onlyAbove) {
    this.board = board;
    this.onlyAbove = onlyAbove;
    leastSize = board.leastSize();
    leaves = Math.max(1, Integer.highestOneBit(2 * board.fleet.order.length - 1));
    winner = new int[2 * leaves];
    Arrays.fill(winner, NOBODY);
    for (int worker : board.fleet.order) {
      winner[leaves + board.fleet.rank[worker]] = admitted(worker);
    }
    for (int node = leaves - 1; node > 0; node--) {
      winner[node] = fuller(winner[2 * node], winner[2 * node + 1]);
    }
    board.searches.spend(board.fleet.order.length);
  }

  /**
   * Spends a search to find whether a worker would stay fuller than the taker after giving a chunk.
   */
  boolean seekFor(int taker) {
    board.searches.spend(1);
    int fullest = winner[1];
    return fullest != NOBODY && Zones.compareHeads(board, fullest, leastSize, taker, 0) < 0;
  }

  /** Takes note that the wanted bytes of a worker changed. */
  void update(int worker) {
    int node = leaves + board.fleet.rank[worker];
    winner[node] = admitted(worker);
    for (node >>= 1; node > 0; node >>= 1) {
      board.searches.spend(1);
      winner[node] = fuller(winner[2 * node], winner[2 * node + 1]);
    }
  }

  private int admitted(int worker) {
    boolean isGiver = board.fleet.placeable[worker] && (!onlyAbove || board.head(worker) < 0);
    return isGiver ? worker : NOBODY;
  }

  private int fuller(int one, int other) {
    if (one == NOBODY || other == NOBODY) {
      return one == NOBODY ? other : one;
    }
    int order = Zones.compareHeads(board, one, leastSize, other, leastSize);
    return order <= 0 ? one : other;
  }
}
