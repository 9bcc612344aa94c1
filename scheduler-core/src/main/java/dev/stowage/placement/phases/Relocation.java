package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.Search;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.DomainRule;
import dev.stowage.placement.board.Searches;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.input.PairSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes room by a chain of moves: a breadth-first search for an augmenting path (Ford and
 * Fulkerson; Ahuja, Magnanti and Orlin, "Network Flows", ch. 6). Nodes are workers; an edge u to v
 * is a replica on u that v may take. A path begins at a worker that may take the chunk and ends at
 * one with room: with u full of a and v of b, b goes to w, a to v, the chunk to u.
 *
 * <p>At once, only additions of this plan move. With equal sizes and no limits of domains that
 * finds room wherever some packing of them has it. For later plans, possessed replicas move too,
 * into room after drains that nobody was promised: this plan begins the last links, and later plans
 * look for the rest again. What is promised to arrive is not sent on, so that is a heuristic.
 *
 * <p>With mixed sizes, the first path to a worker may need more room there than another one. For
 * later plans each root is then searched alone, a worker again for a smaller need (label
 * correcting, ch. 5). No link moves two replicas, so packings that ask for that are missed.
 *
 * <p>A search visits a worker once, or once for each smaller need, and looks at its replicas, so it
 * ends. The searches of a plan share budgets ({@link Searches}); a plan that leaves something out
 * names a search that was cut short, or found nothing for mixed sizes.
 */
final class Relocation {
  /** A moment to go back to: a mark of the board, and the promises of then. */
  record Moment(int mark, long[] pending, long[] sheddable, int leaving, int coming, int onChain) {}

  interface Relief {
    boolean shed(int worker, long bytes);
  }

  interface Budget {
    boolean redirect(int from, int to, long bytes);
  }

  /** The result if only the budget prevents room. */
  static final int HELD_BACK = -2;

  /** The result of a search that no worker lets begin. */
  private static final int NOBODY_OPEN = -3;

  private static final boolean[] NONE_TAKEN = {};

  private static final int BECAUSE = Slots.because(Cause.RELOCATE, Reason.MAKES_ROOM);

  private final Board board;

  /** Unpromised bytes by worker after drains, then replicas, as {@link Board#roomAfterDrains}. */
  private final long[] pending;

  /** Upper bounds of droppable bonus bytes by worker, then of their number. */
  private final long[] sheddable;

  private final int workers;

  final boolean[] onChain;

  boolean[] closed;

  /** The source of the replica that room is made for, or nobody. */
  int leaving = DomainRule.NOBODY;

  private final IntList[] chunksOn;

  /** Pairs that a chain expects to leave. */
  private final Set<Long> promised = new HashSet<>();

  /** Pairs that a chain expects to arrive. */
  private final Set<Long> awaited = new HashSet<>();

  private final List<Long> newlyPromised = new ArrayList<>();
  private final List<Long> newlyAwaited = new ArrayList<>();
  private final IntList newlyOnChain = new IntList();
  private final int[] parent;
  private final int[] carried;
  private final long[] need;
  private final int[] queue;

  private final int[] unmet;

  private int unmetCount;
  private final long leastSize;

  /** True if copies in flight count as done and draining replicas as gone. */
  private boolean foresees;

  private boolean mixed;
  private int logged;

  /** The budgets of searches from all workers at once and from single workers. */
  private final Searches.Budget atOnce;

  private final Searches.Budget oneByOne;

  Relocation(Board board) {
    this.board = board;
    workers = board.fleet.count;
    pending = board.roomAfterDrains();
    sheddable = new long[pending.length];
    chunksOn = new IntList[workers];
    parent = new int[workers];
    onChain = new boolean[workers];
    closed = new boolean[workers];
    carried = new int[workers];
    need = new long[workers];
    queue = new int[workers];
    unmet = new int[workers];
    atOnce = board.searches.budget(Search.RELOCATION);
    oneByOne = board.searches.budget(Search.RELOCATION);
    leastSize = board.leastSize();
    WorkerIndex index = board.chunksOnAll();
    for (int worker = 0; worker < workers; worker++) {
      chunksOn[worker] = new IntList();
      for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
        note(index.chunk[i], worker);
      }
    }
    board.logAdditions();
    refreshPending();
  }

  /** Reports whether a replica of {@code bytes} fits on {@code worker} after all pending drains. */
  boolean awaitsRoom(int worker, long bytes) {
    return pending[worker] >= bytes && (!isCounted() || pending[workers + worker] > 0);
  }

  /** Reports whether a replica may fit after drains and droppable bonus replicas. */
  boolean couldHaveRoom(int worker, long bytes) {
    boolean hasBytes = pending[worker] >= bytes - Math.min(bytes, sheddable[worker]);
    return hasBytes
        && (!isCounted() || pending[workers + worker] + sheddable[workers + worker] > 0);
  }

  void promise(int worker, long bytes) {
    regain(worker, -bytes, -1);
  }

  void regain(int worker, long bytes) {
    regain(worker, bytes, 1);
  }

  private void regain(int worker, long bytes, int copies) {
    pending[worker] += bytes;
    if (isCounted()) {
      pending[workers + worker] += copies;
    }
  }

  void allowToSend(int worker, long bytes) {
    long sum = sheddable[worker] + bytes;
    sheddable[worker] = sum < 0 ? Long.MAX_VALUE / 2 : Math.min(sum, Long.MAX_VALUE / 2);
    if (isCounted()) {
      sheddable[workers + worker]++;
    }
  }

  void cannotShed(int worker, long bytes) {
    sheddable[worker] = Math.min(sheddable[worker], Math.max(0, bytes - pending[worker] - 1));
  }

  void offer(long[] bonus) {
    System.arraycopy(bonus, 0, sheddable, 0, sheddable.length);
  }

  long[] withdrawOffer() {
    long[] left = sheddable.clone();
    Arrays.fill(sheddable, 0);
    return left;
  }

  /** Returns the unpromised bytes of a worker after drains; may be negative. */
  long room(int worker) {
    return pending[worker];
  }

  private boolean isCounted() {
    return pending.length > workers;
  }

  /** Resets promises; to be called before superseding begins. */
  void refreshPending() {
    System.arraycopy(board.roomAfterDrains(), 0, pending, 0, pending.length);
  }

  /** Adds the room gained since {@code before}, the room by worker at the last look. */
  void followRoom(long[] before) {
    long[] now = board.roomAfterDrains();
    for (int at = 0; at < pending.length; at++) {
      pending[at] += now[at] - before[at];
    }
  }

  /** Searches for room as if nothing were promised and all copies and drains were done. */
  boolean foreseeRoom(int chunk) {
    long[] left = pending.clone();
    List<Long> leaving = List.copyOf(promised);
    List<Long> coming = List.copyOf(awaited);
    System.arraycopy(board.roomAfterDrains(), 0, pending, 0, pending.length);
    promised.clear();
    awaited.clear();
    boolean[] taken = new boolean[workers];
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      taken[board.slots.worker(slot)] = Slots.isWanted(board.slots.bits(slot));
    }
    foresees = true;
    boolean found = search(chunk, taken, false) >= 0;
    foresees = false;
    for (int worker = 0; worker < taken.length && !found; worker++) {
      found =
          !taken[worker] && parent[worker] == -1 && awaitsRoom(worker, board.chunks.size[chunk]);
    }
    System.arraycopy(left, 0, pending, 0, pending.length);
    promised.addAll(leaving);
    awaited.addAll(coming);
    return found;
  }

  Moment now() {
    return new Moment(
        board.mark(),
        pending.clone(),
        sheddable.clone(),
        newlyPromised.size(),
        newlyAwaited.size(),
        newlyOnChain.size());
  }

  void rollBack(Moment before) {
    board.rollBack(before.mark);
    System.arraycopy(before.pending, 0, pending, 0, pending.length);
    System.arraycopy(before.sheddable, 0, sheddable, 0, sheddable.length);
    List<Long> leaving = newlyPromised.subList(before.leaving, newlyPromised.size());
    leaving.forEach(promised::remove);
    leaving.clear();
    List<Long> coming = newlyAwaited.subList(before.coming, newlyAwaited.size());
    coming.forEach(awaited::remove);
    coming.clear();
    for (int i = before.onChain; i < newlyOnChain.size(); i++) {
      onChain[newlyOnChain.get(i)] = false;
    }
    newlyOnChain.truncate(before.onChain);
  }

  /** Makes room by redirecting additions; returns the worker, or -1. */
  int makeRoomNow(int chunk) {
    return makeRoomNow(chunk, (from, to, size) -> true);
  }

  /** Makes room by redirecting additions; returns the worker, -1, or {@link #HELD_BACK}. */
  int makeRoomNow(int chunk, Budget budget) {
    int end = search(chunk, NONE_TAKEN, true);
    if (end < 0) {
      return -1;
    }
    int at = end;
    while (parent[at] >= 0) {
      int from = parent[at];
      int moved = carried[at];
      if (!board.domains.admitsInstead(moved, at, from)) {
        return -1; // another replica of the chunk, later on the chain, has filled the domain
      }
      if (!budget.redirect(from, at, board.chunks.size[moved])) {
        return HELD_BACK;
      }
      redirect(moved, from, at);
      at = from;
    }
    return board.domains.admitsInstead(chunk, at, leaving) ? at : -1;
  }

  /** Begins or continues a chain for one more replica; returns false if there is none. */
  boolean makeRoomLater(int chunk, boolean[] taken, Relief relief) {
    int at = search(chunk, taken, false);
    while (at >= 0 && !awaitsRoom(at, need[at]) && !relief.shed(at, need[at])) {
      at = search(chunk, taken, false);
    }
    if (at < 0) {
      if (at != NOBODY_OPEN && learnMixed(board.chunks.size[chunk])) {
        board.searches.giveUp(Search.RELOCATION); // other ways than chains remain untried
      }
      return false;
    }
    taken[promise(at)] = true;
    while (parent[at] >= 0
        && board.takes(at, need[at])
        && board.domains.admitsInstead(carried[at], at, parent[at])) {
      int from = parent[at];
      int moved = carried[at];
      int slot = board.slots.find(moved, from);
      if (!Slots.isAdded(board.slots.bits(slot))) {
        board.focus(moved);
        board.supersede(moved, slot, BECAUSE);
        board.add(moved, at, BECAUSE);
        return true;
      }
      redirect(moved, from, at);
      at = from;
    }
    return true;
  }

  private int promise(int end) {
    int at = end;
    promise(at, need[at]);
    putOnChain(at);
    while (parent[at] >= 0) {
      int from = parent[at];
      long pair = PairSet.pair(carried[at], from);
      if (promised.add(pair)) {
        newlyPromised.add(pair);
      }
      long arrival = PairSet.pair(carried[at], at);
      if (awaited.add(arrival)) {
        newlyAwaited.add(arrival);
      }
      regain(from, board.chunks.size[carried[at]]);
      promise(from, need[from]);
      at = from;
      putOnChain(at);
    }
    return at;
  }

  private void putOnChain(int worker) {
    if (!onChain[worker]) {
      onChain[worker] = true;
      newlyOnChain.add(worker);
    }
  }

  void redirect(int chunk, int from, int to) {
    board.redirect(chunk, board.slots.find(chunk, from), to);
    note(chunk, to);
  }

  /** Searches breadth first for a worker with room, at once or later, beside the taken ones. */
  private int search(int chunk, boolean[] taken, boolean now) {
    catchUp();
    long size = board.chunks.size[chunk];
    Arrays.fill(parent, -2);
    int tail = 0;
    board.focus(chunk);
    for (int worker : board.pool(chunk).placeable) {
      boolean open = now ? !board.holds(worker) : !taken[worker];
      open &= !closed[worker] && board.fleet.capacity[worker] >= size;
      if (open
          && board.fit.admits(chunk, worker)
          && board.domains.admitsBeside(chunk, worker, leaving, taken)) {
        parent[worker] = -1;
        need[worker] = size;
        queue[tail++] = worker;
      }
    }
    if (tail == 0 || (now && !anyRoom())) {
      return NOBODY_OPEN;
    }
    unmetCount = 0;
    for (int worker : board.fleet.order) {
      if (board.fleet.placeable[worker] && parent[worker] == -2) {
        unmet[unmetCount++] = worker;
      }
    }
    int roots = tail;
    for (int head = 0; head < tail && atOnce.goesOn(); head++) {
      int from = queue[head];
      if ((now || parent[from] >= 0) && hasRoom(from, need[from], now)) {
        return from;
      }
      IntList chunks = chunksOn[from];
      for (int i = 0; i < chunks.size() && unmetCount > 0; i++) {
        int moved = chunks.get(i);
        atOnce.spend(1);
        if (isMovable(moved, from, now)) {
          tail = reach(moved, from, tail);
        }
      }
    }
    return now || !learnMixed(size) ? -1 : oneByOne(Arrays.copyOf(queue, roots), size);
  }

  private int oneByOne(int[] roots, long size) {
    for (int i = 0; i < roots.length && oneByOne.goesOn(); i++) {
      int end = searchFrom(roots[i], size);
      if (end >= 0) {
        return end;
      }
    }
    return -1;
  }

  /**
   * Searches again with each hidden end, because room freed there must not hide other ways. The
   * order is canonical, since slots of an index mean nothing to a plan from scratch.
   */
  private int searchFrom(int root, long size) {
    BitSet hidden = new BitSet();
    int found = searchFrom(root, size, DomainRule.NOBODY, hidden);
    BitSet ends = (BitSet) hidden.clone();
    for (int to : board.fleet.order) {
      if (found < 0 && ends.get(to)) {
        found = searchFrom(root, size, to, hidden);
      }
    }
    return found;
  }

  /** Searches without passing {@code onlyEnd}; collects passed possible ends in {@code hidden}. */
  private int searchFrom(int root, long size, int onlyEnd, BitSet hidden) {
    Arrays.fill(parent, -2);
    parent[root] = -1;
    need[root] = size;
    IntList open = new IntList();
    open.add(root);
    for (int head = 0; head < open.size() && oneByOne.goesOn(); head++) {
      int from = open.get(head);
      if (from != root && hasRoom(from, need[from], false)) {
        return from;
      }
      IntList chunks = chunksOn[from];
      for (int i = 0; i < chunks.size(); i++) {
        int moved = chunks.get(i);
        oneByOne.spend(1);
        if (isMovable(moved, from, false)) {
          reachWithLess(moved, from, open, onlyEnd, hidden);
        }
      }
    }
    return -1;
  }

  /** Revisits a worker with a smaller need, unless it has room already: earlier plans made that. */
  private void reachWithLess(int moved, int from, IntList open, int onlyEnd, BitSet hidden) {
    long size = board.chunks.size[moved];
    for (int to : board.pool(moved).placeable) {
      oneByOne.spend(1);
      boolean isBetter =
          parent[to] == -2 || (parent[to] >= 0 && size < need[to] && !awaitsRoom(to, need[to]));
      if (!isBetter
          || board.fleet.capacity[to] < size
          || !mayCome(moved, to, from)
          || (to == onlyEnd && !hasRoom(to, size, false))) {
        continue;
      }
      if (leadsThrough(to, from)) {
        if (hasRoom(to, size, false)) {
          hidden.set(to);
        }
        continue;
      }
      parent[to] = from;
      carried[to] = moved;
      need[to] = size;
      open.add(to);
    }
  }

  private boolean mayCome(int moved, int to, int from) {
    return !closed[to]
        && (foresees ? !board.isWanted(moved, to) : board.slots.find(moved, to) < 0)
        && board.mayCome(moved, to, from)
        && (awaited.isEmpty() || !awaited.contains(PairSet.pair(moved, to)));
  }

  private boolean leadsThrough(int worker, int end) {
    int at = end;
    while (at >= 0 && at != worker) {
      at = parent[at];
    }
    return at == worker;
  }

  private boolean anyRoom() {
    if (board.additions.isEmpty() && board.slots.isUntouched()) {
      return false;
    }
    for (int worker = 0; worker < board.fleet.count; worker++) {
      if (board.fleet.placeable[worker] && board.takes(worker, isCounted() ? 0 : leastSize)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasRoom(int worker, long bytes, boolean now) {
    return now ? board.takes(worker, bytes) : couldHaveRoom(worker, bytes);
  }

  private boolean isMovable(int moved, int from, boolean now) {
    long size = board.chunks.size[moved];
    int slot = board.slots.find(moved, from);
    if (slot < 0 || (size == 0 && !isCounted())) {
      return false;
    }
    int bits = board.slots.bits(slot);
    boolean kind =
        board.isFreeToGo(moved, from, bits)
            || (!now && Slots.isWanted(bits) && (foresees || Slots.isPossessed(bits)));
    long room = now ? board.free[from] : pending[from];
    return kind
        && room + size >= need[from]
        && (!now || board.spare(from) >= 0)
        && (now || !promised.contains(PairSet.pair(moved, from)))
        && !board.chunks.is(moved, ChunkBits.PINNED)
        && !board.isPinnedPair(moved, from)
        && (foresees || board.mayGiveUp(moved, from)); // a future plan has preempted nothing yet
  }

  private int reach(int moved, int from, int tail) {
    int end = tail;
    long size = board.chunks.size[moved];
    int[] pool = board.pool(moved).placeable;
    boolean isWide = pool.length > unmetCount;
    int count = isWide ? unmetCount : pool.length;
    atOnce.spend(count);
    for (int i = 0; i < count; i++) {
      int to = isWide ? unmet[i] : pool[i];
      if (parent[to] == -2 && board.fleet.capacity[to] >= size && mayCome(moved, to, from)) {
        parent[to] = from;
        carried[to] = moved;
        need[to] = size;
        queue[end++] = to;
      }
    }
    if (end > tail) {
      dropMet();
    }
    return end;
  }

  private void dropMet() {
    int left = 0;
    for (int i = 0; i < unmetCount; i++) {
      if (parent[unmet[i]] == -2) {
        unmet[left++] = unmet[i];
      }
    }
    unmetCount = left;
  }

  boolean learnMixed(long size) {
    catchUp();
    return mixed || size != leastSize;
  }

  private void catchUp() {
    for (; logged < board.additions.size(); logged += 2) {
      note(board.additions.get(logged), board.additions.get(logged + 1));
    }
  }

  private void note(int chunk, int worker) {
    mixed |= board.chunks.size[chunk] != leastSize;
    chunksOn[worker].add(chunk);
  }
}
