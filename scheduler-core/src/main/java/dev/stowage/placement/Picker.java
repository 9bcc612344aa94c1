package dev.stowage.placement;

/**
 * Finds the worker for one more replica: in a zone the chunk lacks, below the water level, early in
 * the chunk's preference list; each only as far as there is a choice. Room is never waived.
 */
final class Picker {
  /** Draws before the list of open workers is asked; most replicas need one or two. */
  private static final int DRAWS = 6;

  /** Random members of the open list before all workers are looked at. */
  private static final int OPEN_DRAWS = 6;

  private static final int NONE = -1;
  private final Board board;
  private final int[][] open;
  private final int[] openCount;

  /** Workers that growth and moves must leave alone; empty unless some floor is starved. */
  final boolean[] reserved;

  Picker(Board board) {
    this.board = board;
    open = new int[board.fleet.pools.length][];
    openCount = new int[open.length];
    reserved = new boolean[board.fleet.count];
  }

  /**
   * The best worker for one more replica of the chunk in focus.
   *
   * @return its position, or -1 if none has room
   */
  int pick(int chunk) {
    Pool pool = board.pool(chunk);
    if (pool.size() == 0) {
      return NONE;
    }
    boolean spread = board.zonesSeen < board.zonesWanted(chunk);
    long size = board.chunks.size[chunk];
    long hash = board.chunks.keyHash[chunk];
    for (int turn = 0; turn < DRAWS; turn++) {
      int worker = pool.draw(hash, turn);
      if (suits(chunk, worker, size, spread)) {
        return worker;
      }
    }
    int found = fromOpen(chunk, pool, size, spread);
    return found != NONE ? found : best(chunk, pool, spread);
  }

  private boolean suits(int chunk, int worker, long size, boolean spread) {
    return board.head(worker) >= size
        && board.free[worker] >= size
        && !board.holds(worker)
        && (!spread || board.inNewZone(worker))
        && mayTake(chunk, worker);
  }

  private boolean mayTake(int chunk, int worker) {
    return !reserved[worker] && !PairSet.contains(board.input.bans, chunk, worker);
  }

  /** Draws from the workers still below their level; those that are not any more leave the list. */
  private int fromOpen(int chunk, Pool pool, long size, boolean spread) {
    int[] list = open[pool.eligibility];
    if (list == null) {
      list = pool.placeable.clone();
      open[pool.eligibility] = list;
      openCount[pool.eligibility] = list.length;
    }
    int count = openCount[pool.eligibility];
    long hash = KeyHash.mix(board.chunks.keyHash[chunk] ^ 0x5bd1e9955bd1e995L);
    for (int turn = 0; turn < OPEN_DRAWS && count > 0; turn++) {
      hash = KeyHash.mix(hash + turn);
      int at = (int) Math.multiplyHigh(hash >>> 1, count * 2L);
      int worker = list[at];
      if (board.head(worker) <= 0 || board.free[worker] <= 0) {
        list[at] = list[--count];
      } else if (suits(chunk, worker, size, spread)) {
        openCount[pool.eligibility] = count;
        return worker;
      }
    }
    openCount[pool.eligibility] = count;
    return NONE;
  }

  /** Looks at every worker: a zone that is lacking first, then the most room below the level. */
  private int best(int chunk, Pool pool, boolean spread) {
    long size = board.chunks.size[chunk];
    int best = NONE;
    boolean bestSpreads = false;
    for (int worker : pool.placeable) {
      if (board.free[worker] < size || board.holds(worker) || !mayTake(chunk, worker)) {
        continue;
      }
      boolean spreads = spread && board.inNewZone(worker);
      if (best == NONE || (spreads == bestSpreads ? isLower(worker, best) : spreads)) {
        best = worker;
        bestSpreads = spreads;
      }
    }
    return best;
  }

  /** Whether a worker has more room below its level, in proportion to its capacity. */
  private boolean isLower(int worker, int than) {
    return Fill.compare(
            board.head(worker),
            board.fleet.capacity[worker],
            board.head(than),
            board.fleet.capacity[than])
        > 0;
  }
}
