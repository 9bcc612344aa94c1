package dev.stowage.placement.phases;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.IntList;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.DomainLimits;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;

/**
 * Where the wanted replicas of a small fleet would lie after some moves, once all drains are over;
 * the board stays as it is. Replicas are numbered. Not thread-safe.
 */
final class Arrangement {
  /** Where a replica is that was given up. */
  static final int NOWHERE = -1;

  private final Board board;
  private final DomainLimits limits;
  private final int workers;

  /** The chunk of each replica, and a number for it among those that have any. */
  private final IntList chunks = new IntList();

  private final IntList rows = new IntList();

  /** The worker of each replica now. */
  private final IntList at = new IntList();

  private final boolean[] isMovable;

  /** Whether each worker has a replica of each chunk, and whether its domains count it. */
  private final boolean[] has;

  private final boolean[] counts;

  /** How many replicas each chunk has above its floor: of all, and of those that count as proof. */
  private final int[] bonus;

  private final int[] proven;
  private final long[] room;
  private final int[] spare;
  private long hash;

  /**
   * What a board wants.
   *
   * @param all the chunks that have replicas, each once
   */
  Arrangement(Board board, Moves moves, IntList all) {
    Order.canonically(all.array(), 0, all.size(), board.input.chunkOrder);
    this.board = board;
    limits = board.fleet.limits;
    workers = board.fleet.count;
    has = new boolean[all.size() * workers];
    counts = new boolean[has.length];
    isMovable = new boolean[has.length];
    bonus = new int[all.size()];
    proven = new int[all.size()];
    room = new long[workers];
    spare = new int[workers];
    for (int row = 0; row < all.size(); row++) {
      int chunk = all.get(row);
      bonus[row] = -board.chunks.floor(chunk);
      proven[row] = bonus[row];
      for (int worker : board.fleet.order) {
        int slot = board.slots.find(chunk, worker);
        if (slot >= 0 && Slots.isWanted(board.slots.bits(slot))) {
          counts[row * workers + worker] = board.domains.counts(chunk, slot);
          put(chunk, row, slot, moves);
        }
      }
    }
    for (int worker = 0; worker < workers; worker++) {
      room[worker] = board.free[worker] + board.leftover[worker];
      spare[worker] = -board.copiesOver(worker);
    }
  }

  private void put(int chunk, int row, int slot, Moves moves) {
    int worker = board.slots.worker(slot);
    isMovable[at.size()] = board.fleet.present[worker] && moves.isMovable(chunk, slot);
    chunks.add(chunk);
    rows.add(row);
    at.add(worker);
    has[row * workers + worker] = true;
    hash ^= hashOf(row, worker);
    count(row, worker, Slots.isSound(board.slots.bits(slot)) ? 1 : 0);
  }

  private void count(int row, int worker, int copies) {
    if (worker != NOWHERE) {
      bonus[row] += copies;
      proven[row] += board.fleet.counted[worker] ? copies : 0;
    }
  }

  /** How many replicas there are. */
  int size() {
    return at.size();
  }

  int chunk(int replica) {
    return chunks.get(replica);
  }

  /** The worker that has a replica now. */
  int worker(int replica) {
    return at.get(replica);
  }

  /** The number of the replica of a chunk on a worker; -1 if it has none. */
  int find(int chunk, int worker) {
    for (int replica = 0; replica < at.size(); replica++) {
      if (chunks.get(replica) == chunk && at.get(replica) == worker) {
        return replica;
      }
    }
    return -1;
  }

  /** The workers that a chunk may be placed on, as far as it depends on these alone. */
  int[] candidates(int replica) {
    return isMovable[replica] ? board.pool(chunks.get(replica)).placeable : new int[0];
  }

  /** Whether a replica may move to one of its candidates. */
  boolean mayMove(int replica, int to) {
    int chunk = chunks.get(replica);
    int row = rows.get(replica) * workers;
    return at.get(replica) != NOWHERE
        && !has[row + to]
        && room[to] >= board.chunks.size[chunk]
        && spare[to] > 0
        && board.mayHold(chunk, to)
        && admits(row, at.get(replica), to);
  }

  private boolean admits(int row, int from, int to) {
    for (int level = 0; level < limits.levels(); level++) {
      int[] domain = limits.domain[level];
      int in = 0;
      for (int worker = 0; worker < workers; worker++) {
        boolean isOther = worker != from && domain[worker] == domain[to];
        in += isOther && counts[row + worker] ? 1 : 0;
      }
      if (in >= limits.most[level]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a replica may be given up: its chunk keeps its floor, on workers that count too. */
  boolean mayDrop(int replica) {
    int row = rows.get(replica);
    int worker = at.get(replica);
    return isMovable[replica]
        && worker != NOWHERE
        && bonus[row] > 0
        && (!board.fleet.counted[worker] || proven[row] > 0);
  }

  /** Moves a replica, or gives it up, or wants it again, whether it may or not. */
  void move(int replica, int to) {
    int from = at.get(replica);
    int row = rows.get(replica);
    long size = board.chunks.size[chunks.get(replica)];
    put(row, from, false, size);
    put(row, to, true, -size);
    count(row, from, -1);
    count(row, to, 1);
    hash ^= hashOf(row, from) ^ hashOf(row, to);
    at.set(replica, to);
  }

  private void put(int row, int worker, boolean isThere, long bytes) {
    if (worker != NOWHERE) {
      room[worker] += bytes;
      spare[worker] += isThere ? -1 : 1;
      has[row * workers + worker] = isThere;
      counts[row * workers + worker] = isThere;
    }
  }

  /** The same for the same replicas on the same workers, whatever moves led there. */
  long hash() {
    return hash;
  }

  /** What {@link #hash} would be after a move. */
  long hashAfter(int replica, int to) {
    int row = rows.get(replica);
    return hash ^ hashOf(row, at.get(replica)) ^ hashOf(row, to);
  }

  private static long hashOf(int row, int worker) {
    return worker == NOWHERE ? 0 : Avalanche.of(PairSet.pair(row, worker) + 1);
  }
}
