package dev.stowage.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds chains of moves that make room: a replica goes from a full worker to another one, whose own
 * replica goes on, until one has room. For equal sizes this is an augmenting path, so that room is
 * found whenever some packing has it; for mixed sizes each step must free what the one before
 * needs.
 *
 * <p>What this plan added simply goes elsewhere, and its room is free at once. What is held is
 * copied first; its room is free a drain later, and the rest of the chain follows in later plans.
 */
final class Relocation {
  private static final int BECAUSE = Slots.because(Cause.RELOCATE, Reason.MAKES_ROOM);

  /** Steps of all searches of a plan; what needs more is left to the plans after it. */
  private static final long MOST_STEPS = 20_000_000;

  private final Board board;

  /** Bytes that are free or will be once drains end, less what was promised to starved chunks. */
  final long[] pending;

  /** Bytes of bonus replicas that a chain may count on, at most, on each worker. */
  final long[] sheddable;

  /** Workers whose room some chain counts on. */
  final boolean[] onChain;

  private final IntList[] chunksOn;
  private final Set<Long> promised = new HashSet<>();
  private final List<Long> newlyPromised = new ArrayList<>();
  private final IntList newlyOnChain = new IntList();
  private final long[] pendingBefore;
  private final long[] sheddableBefore;

  // Two places a worker: where a search meets it first, and, if the chunk itself could go to it, a
  // second one, in which a chain passes through it with something smaller.
  private final int[] parent;
  private final int[] carried;
  private final long[] need;
  private final boolean[] visited;
  private final int[] queue;
  private final long leastSize;
  private int replicas;
  private int logged;
  private long steps;

  Relocation(Board board) {
    this.board = board;
    int workers = board.fleet.count;
    pending = new long[workers];
    pendingBefore = new long[workers];
    sheddable = new long[workers];
    sheddableBefore = new long[workers];
    chunksOn = new IntList[workers];
    parent = new int[2 * workers];
    onChain = new boolean[workers];
    carried = new int[2 * workers];
    need = new long[2 * workers];
    visited = new boolean[2 * workers];
    queue = new int[2 * workers];
    WorkerIndex index = WorkerIndex.ofAll(board);
    for (int worker = 0; worker < workers; worker++) {
      chunksOn[worker] = new IntList();
      for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
        note(index.chunk[i], worker);
      }
    }
    leastSize = board.leastSize();
    board.logAdditions();
    refreshPending();
  }

  /** To be called when superseding begins: promises are made from here on. */
  void refreshPending() {
    for (int worker = 0; worker < pending.length; worker++) {
      pending[worker] = Math.max(0, board.free[worker] + board.leftover[worker]);
    }
  }

  /** Promises made from here on can be {@link #withdraw withdrawn} together. */
  void beginPromises() {
    System.arraycopy(pending, 0, pendingBefore, 0, pending.length);
    System.arraycopy(sheddable, 0, sheddableBefore, 0, sheddable.length);
    newlyPromised.clear();
    newlyOnChain.clear();
  }

  /** Takes back all promises since {@link #beginPromises}: room, replicas that move, and chains. */
  void withdraw() {
    System.arraycopy(pendingBefore, 0, pending, 0, pending.length);
    System.arraycopy(sheddableBefore, 0, sheddable, 0, sheddable.length);
    newlyPromised.forEach(promised::remove);
    for (int i = 0; i < newlyOnChain.size; i++) {
      onChain[newlyOnChain.get(i)] = false;
    }
    beginPromises();
  }

  /**
   * Makes room at once on some worker for one more replica of a chunk, by sending elsewhere what
   * this plan added.
   *
   * @return the worker, or -1
   */
  int makeRoomNow(int chunk) {
    int end = search(chunk, new boolean[0]);
    if (end < 0) {
      return -1;
    }
    int at = end;
    while (parent[at] >= 0) {
      int from = parent[at];
      redirect(carried[at], worker(from), worker(at));
      at = from;
    }
    return at;
  }

  /**
   * Begins, or goes on with, a chain that will make room for one more replica of a chunk.
   *
   * @param taken workers that the chunk holds or was promised
   * @param undo notes what is done
   * @param shedding supersedes bonus replicas where a chain ends
   * @return whether there is such a chain; it may have to wait for drains
   */
  boolean makeRoomLater(int chunk, boolean[] taken, Undo undo, Shedding shedding) {
    int at = search(chunk, taken);
    while (at >= 0 && pending[worker(at)] < need[at] && !shedding.shed(worker(at), need[at])) {
      at = search(chunk, taken);
    }
    if (at < 0) {
      return false;
    }
    taken[promise(at)] = true;
    while (parent[at] >= 0 && board.free[worker(at)] >= need[at]) {
      int from = worker(parent[at]);
      int to = worker(at);
      int moved = carried[at];
      int slot = board.slots.find(moved, from);
      if (!Slots.isAdded(board.slots.bits(slot))) {
        board.focus(moved);
        undo.supersede(moved, slot, BECAUSE);
        undo.add(moved, to, BECAUSE);
        return true;
      }
      undo.redirect(moved, from, to);
      note(moved, to);
      at = parent[at];
    }
    return true;
  }

  /**
   * Promises the room along a chain, and the replicas that will move, to this chain alone.
   *
   * @return the worker at which the chain begins
   */
  private int promise(int end) {
    int at = end;
    pending[worker(at)] -= need[at];
    putOnChain(worker(at));
    while (parent[at] >= 0) {
      int from = worker(parent[at]);
      long pair = PairSet.pair(carried[at], from);
      if (promised.add(pair)) {
        newlyPromised.add(pair);
      }
      pending[from] += board.chunks.size[carried[at]] - need[parent[at]];
      at = parent[at];
      putOnChain(from);
    }
    return at;
  }

  private void putOnChain(int worker) {
    if (!onChain[worker]) {
      onChain[worker] = true;
      newlyOnChain.add(worker);
    }
  }

  private void redirect(int chunk, int from, int to) {
    board.redirect(chunk, board.slots.find(chunk, from), to);
    note(chunk, to);
  }

  /**
   * Breadth first from the workers that the chunk could go to.
   *
   * @param taken workers it cannot go to; empty where only additions may move, and only free room
   *     ends a chain
   * @return the place of a worker with room at the end of a shortest chain, or -1
   */
  private int search(int chunk, boolean[] taken) {
    catchUp();
    boolean now = taken.length == 0;
    long size = board.chunks.size[chunk];
    Arrays.fill(parent, -2);
    Arrays.fill(visited, false);
    int tail = 0;
    board.focus(chunk);
    for (int worker : board.pool(chunk).placeable) {
      boolean open = now ? !board.holds(worker) : !taken[worker];
      if (open && board.fleet.capacity[worker] >= size && board.mayHold(chunk, worker)) {
        parent[worker] = -1;
        need[worker] = size;
        queue[tail++] = worker;
      }
    }
    if (now && !anyRoom()) {
      return -1;
    }
    for (int head = 0; head < tail && steps < MOST_STEPS; head++) {
      int from = queue[head];
      visited[from] = true;
      if ((now || parent[from] >= 0) && hasRoom(worker(from), need[from], now)) {
        return from;
      }
      int root = root(from);
      IntList chunks = chunksOn[worker(from)];
      for (int i = 0; i < chunks.size; i++) {
        int moved = chunks.get(i);
        if (isMovable(moved, from, now)) {
          tail = reach(moved, from, root, tail);
        }
      }
    }
    return -1;
  }

  private int worker(int place) {
    return place < chunksOn.length ? place : place - chunksOn.length;
  }

  /** The worker that the chunk itself would go to. */
  private int root(int place) {
    int at = place;
    while (parent[at] >= 0) {
      at = parent[at];
    }
    return worker(at);
  }

  /** Whether some worker has room for the smallest thing that might be moved there. */
  private boolean anyRoom() {
    if (board.additions.isEmpty() && board.slots.isUntouched()) {
      return false;
    }
    for (int worker = 0; worker < board.fleet.count; worker++) {
      if (board.fleet.placeable[worker] && board.free[worker] >= leastSize) {
        return true;
      }
    }
    return false;
  }

  private boolean hasRoom(int worker, long bytes, boolean now) {
    return now
        ? board.free[worker] >= bytes
        : pending[worker] >= bytes - Math.min(bytes, sheddable[worker]);
  }

  private boolean isMovable(int moved, int place, boolean now) {
    steps++;
    int from = worker(place);
    long size = board.chunks.size[moved];
    int slot = board.slots.find(moved, from);
    if (slot < 0 || size == 0) {
      return false;
    }
    int bits = board.slots.bits(slot);
    boolean kind =
        board.isFreeToGo(moved, from, bits)
            || (!now && Slots.isPossessed(bits) && Slots.isWanted(bits));
    long room = now ? board.free[from] : pending[from];
    return kind
        && room + size >= need[place]
        && (now || !promised.contains(PairSet.pair(moved, from)))
        && !board.chunks.is(moved, ChunkBits.PINNED)
        && !board.isPinnedPair(moved, from);
  }

  /** Puts the workers that a replica can go to into the queue, or asks less of those in it. */
  private int reach(int moved, int from, int root, int tail) {
    int end = tail;
    long size = board.chunks.size[moved];
    for (int to : board.pool(moved).placeable) {
      steps++;
      int place = place(to, size, root);
      if (place >= 0
          && board.fleet.capacity[to] >= size
          && board.slots.find(moved, to) < 0
          && board.mayHold(moved, to)) {
        if (parent[place] == -2) {
          queue[end++] = place;
        }
        parent[place] = from;
        carried[place] = moved;
        need[place] = size;
      }
    }
    return end;
  }

  /**
   * Where a chain that begins at a root reaches a worker with so many bytes: at a place that no
   * chain has reached, or that waits with more; -1 if there is none.
   */
  private int place(int worker, long bytes, int root) {
    int place = worker;
    if (parent[worker] == -1) {
      if (worker == root || bytes >= need[worker]) {
        return -1;
      }
      place = worker + chunksOn.length;
    }
    boolean isFresh = parent[place] == -2;
    return isFresh || (!visited[place] && bytes < need[place]) ? place : -1;
  }

  private void catchUp() {
    for (; logged < board.additions.size; logged += 2) {
      note(board.additions.get(logged), board.additions.get(logged + 1));
    }
  }

  private void note(int chunk, int worker) {
    chunksOn[worker].add(chunk);
    replicas++;
  }

  /** Replicas on all workers, and some that were there. */
  int replicas() {
    catchUp();
    return replicas;
  }

  /** The chunks that have replicas, each once. */
  IntList chunks() {
    catchUp();
    IntList all = new IntList();
    for (IntList each : chunksOn) {
      for (int i = 0; i < each.size; i++) {
        all.add(each.get(i));
      }
    }
    Arrays.sort(all.items, 0, all.size);
    int kept = 0;
    for (int i = 0; i < all.size; i++) {
      if (i == 0 || all.get(i) != all.get(i - 1)) {
        all.items[kept++] = all.get(i);
      }
    }
    all.size = kept;
    return all;
  }
}
