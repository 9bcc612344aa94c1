package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.Cause;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Search;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.DomainRule;
import dev.stowage.placement.board.Searches;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Undo;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.input.PairSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
  /** How far promises went at some time; the counts are of what was promised before. */
  record Promises(long[] pending, long[] sheddable, int leaving, int coming, int onChain) {}

  /** Makes more room on a worker than is free or drains. */
  interface Relief {
    /** Makes room there until so many bytes fit; whether it could. */
    boolean shed(int worker, long bytes);
  }

  /** What may be sent elsewhere. */
  interface Budget {
    /** Whether an addition of so many bytes may go to another worker instead; charges that one. */
    boolean redirect(int from, int to, long bytes);
  }

  /** No worker, and a budget is the reason. */
  static final int HELD_BACK = -2;

  private static final int BECAUSE = Slots.because(Cause.RELOCATE, Reason.MAKES_ROOM);

  private final Board board;

  /**
   * Bytes that are free or will be once drains end, less what was promised to starved chunks; and
   * behind these, where replicas are counted, for how many there is room: like all that is summed
   * here ({@link Board#roomAfterDrains}).
   */
  private final long[] pending;

  /** Bytes, and how many, of bonus replicas that a chain may count on, at most, on each worker. */
  private final long[] sheddable;

  private final int workers;

  /** Workers whose room some chain counts on. */
  final boolean[] onChain;

  /** Workers that no chain may begin at or come through. */
  boolean[] closed;

  /** The worker that a chunk leaves for which room is made, or nobody. */
  int leaving = DomainRule.NOBODY;

  private final IntList[] chunksOn;

  /** Pairs of which some chain counts on the chunk to leave the worker. */
  private final Set<Long> promised = new HashSet<>();

  /** Pairs of which some chain counts on the chunk to come to the worker. */
  private final Set<Long> awaited = new HashSet<>();

  private final List<Long> newlyPromised = new ArrayList<>();
  private final List<Long> newlyAwaited = new ArrayList<>();
  private final IntList newlyOnChain = new IntList();
  private final int[] parent;
  private final int[] carried;
  private final long[] need;
  private final int[] queue;

  /** Placeable workers that a search from all at once has not met, canonically. */
  private final int[] unmet;

  private int unmetCount;
  private final long leastSize;

  /** Counts copies in flight as there, and draining ones as gone. */
  private boolean foresees;

  private boolean mixed;
  private int replicas;
  private int logged;

  /** For searches from all workers at once, and for those from one by itself. */
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

  /** What is free on each worker, or will be, beside what was promised. */
  long[] roomLeft() {
    return pending.clone();
  }

  /** The pairs that some chain counts on, to leave the worker or to come to it. */
  Set<Long> pairsOnChains() {
    Set<Long> all = new HashSet<>(promised);
    all.addAll(awaited);
    return all;
  }

  /** Others counted on room and on pairs: so much is left, and these leave and come for nobody. */
  void takeOver(long[] room, Set<Long> pairs) {
    System.arraycopy(room, 0, pending, 0, pending.length);
    promised.addAll(pairs);
    awaited.addAll(pairs);
  }

  /** Whether one more replica of so many bytes has room on a worker once drains end. */
  boolean awaitsRoom(int worker, long bytes) {
    return pending[worker] >= bytes && (!isCounted() || pending[workers + worker] > 0);
  }

  /** The same, once bonus replicas that may go are gone as well. */
  boolean couldHaveRoom(int worker, long bytes) {
    boolean hasBytes = pending[worker] >= bytes - Math.min(bytes, sheddable[worker]);
    return hasBytes
        && (!isCounted() || pending[workers + worker] + sheddable[workers + worker] > 0);
  }

  /** Promises room for one replica of so many bytes. */
  void promise(int worker, long bytes) {
    pending[worker] -= bytes;
    if (isCounted()) {
      pending[workers + worker]--;
    }
  }

  /** A replica of so many bytes is gone, or will be: what was promised may be more. */
  void regain(int worker, long bytes) {
    pending[worker] += bytes;
    if (isCounted()) {
      pending[workers + worker]++;
    }
  }

  /** A bonus replica of so many bytes may go. */
  void maySend(int worker, long bytes) {
    long sum = sheddable[worker] + bytes;
    sheddable[worker] = sum < 0 ? Long.MAX_VALUE / 2 : Math.min(sum, Long.MAX_VALUE / 2);
    if (isCounted()) {
      sheddable[workers + worker]++;
    }
  }

  /** What may go is less than it takes to make room for so many bytes. */
  void cannotShed(int worker, long bytes) {
    sheddable[worker] = Math.min(sheddable[worker], Math.max(0, bytes - pending[worker] - 1));
  }

  /** Nothing may go that has not gone. */
  void cannotShed(int worker) {
    sheddable[worker] = 0;
    if (isCounted()) {
      sheddable[workers + worker] = 0;
    }
  }

  /** Says what may go at most: of all bonus replicas on each worker, like {@link #maySend}. */
  void offer(long[] bonus) {
    System.arraycopy(bonus, 0, sheddable, 0, sheddable.length);
  }

  /** Nothing may go any more; returns what could have gone. */
  long[] withdrawOffer() {
    long[] left = sheddable.clone();
    Arrays.fill(sheddable, 0);
    return left;
  }

  /** Bytes that are free on a worker, or will be, beside what was promised; may be below 0. */
  long room(int worker) {
    return pending[worker];
  }

  /** How many bytes of bonus replicas may go, at most. */
  long sheddableBytes(int worker) {
    return sheddable[worker];
  }

  private boolean isCounted() {
    return pending.length > workers;
  }

  /** To be called when superseding begins: promises are made from here on. */
  void refreshPending() {
    System.arraycopy(board.roomAfterDrains(), 0, pending, 0, pending.length);
  }

  /**
   * From here on no bonus replica gives way, and room is what is there now, less what was promised
   * since {@link #refreshPending} was called or room was looked at last.
   *
   * @param before bytes free or draining on each worker at that time
   */
  void catchUpPending(long[] before) {
    Arrays.fill(sheddable, 0);
    followRoom(before);
  }

  /**
   * Room is what is there now, less what was promised since room was looked at last.
   *
   * @param before bytes free or draining on each worker at that time
   */
  void followRoom(long[] before) {
    long[] now = board.roomAfterDrains();
    for (int at = 0; at < pending.length; at++) {
      pending[at] += now[at] - before[at];
    }
  }

  /**
   * Whether one more replica of a chunk could find room by a chain, or a drain, if nothing had been
   * promised to others, and copies and drains had come to their end: a later plan will know.
   */
  boolean mayFindRoom(int chunk) {
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
    boolean found = search(chunk, taken) >= 0;
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

  /** What is promised now, so that what is promised from here on can be taken back together. */
  Promises promises() {
    return new Promises(
        pending.clone(),
        sheddable.clone(),
        newlyPromised.size(),
        newlyAwaited.size(),
        newlyOnChain.size());
  }

  /** Takes back all promises since then: room, replicas that move, and chains. */
  void withdrawTo(Promises before) {
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

  /**
   * Makes room at once on some worker for one more replica of a chunk, by sending elsewhere what
   * this plan added.
   *
   * @return the worker, or -1
   */
  int makeRoomNow(int chunk) {
    return makeRoomNow(chunk, (from, to, size) -> true);
  }

  /**
   * The same for what waits for a budget.
   *
   * @param budget whether an addition may be sent to another worker instead
   * @return the worker, -1, or {@link #HELD_BACK}
   */
  int makeRoomNow(int chunk, Budget budget) {
    int end = search(chunk, new boolean[0]);
    if (end < 0) {
      return -1;
    }
    int at = end;
    while (parent[at] >= 0) {
      int from = parent[at];
      int moved = carried[at];
      if (!board.domains.admitsInstead(moved, at, from)) {
        return -1; // another replica of it, later on the chain, has taken the place
      }
      if (!budget.redirect(from, at, board.chunks.size[moved])) {
        return HELD_BACK;
      }
      redirect(moved, from, at);
      at = from;
    }
    return board.domains.admitsInstead(chunk, at, leaving) ? at : -1;
  }

  /**
   * Begins, or goes on with, a chain that will make room for one more replica of a chunk.
   *
   * @param taken workers that the chunk holds or was promised
   * @param undo notes what is done
   * @param relief makes room where a chain ends, as far as {@link #sheddable} says
   * @return whether there is such a chain; it may have to wait for drains
   */
  boolean makeRoomLater(int chunk, boolean[] taken, Undo undo, Relief relief) {
    int at = search(chunk, taken);
    while (at >= 0 && !awaitsRoom(at, need[at]) && !relief.shed(at, need[at])) {
      at = search(chunk, taken);
    }
    if (at < 0) {
      if (isMixed(board.chunks.size[chunk])) {
        board.searches.giveUp(Search.RELOCATION); // chains are not all that could be tried
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
        undo.supersede(moved, slot, BECAUSE);
        undo.add(moved, at, BECAUSE);
        return true;
      }
      undo.redirect(moved, from, at);
      note(moved, at);
      at = from;
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

  /** Sends elsewhere what this plan added. */
  void redirect(int chunk, int from, int to) {
    board.redirect(chunk, board.slots.find(chunk, from), to);
    note(chunk, to);
  }

  /**
   * Breadth first from the workers that the chunk could go to.
   *
   * @param taken workers it cannot go to; empty where only additions may move, and only free room
   *     ends a chain
   * @return the worker with room at the end of a shortest chain, or -1
   */
  private int search(int chunk, boolean[] taken) {
    catchUp();
    boolean now = taken.length == 0;
    long size = board.chunks.size[chunk];
    Arrays.fill(parent, -2);
    int tail = 0;
    board.focus(chunk);
    for (int worker : board.pool(chunk).placeable) {
      boolean open = now ? !board.holds(worker) : !taken[worker];
      open &= !closed[worker] && board.fleet.capacity[worker] >= size;
      if (open
          && board.mayHold(chunk, worker)
          && board.domains.admitsBeside(chunk, worker, leaving, taken)) {
        parent[worker] = -1;
        need[worker] = size;
        queue[tail++] = worker;
      }
    }
    if (now && !anyRoom()) {
      return -1;
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
    return now || !isMixed(size) ? -1 : oneByOne(Arrays.copyOf(queue, roots), size);
  }

  /**
   * Searches from each worker that the chunk could go to by itself. The search from all of them at
   * once meets each worker once, with what it must take there; where sizes differ, another chain
   * would have asked less of it.
   */
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
   * Searches from one worker. Where a chain that leads through a worker could end there, had it
   * come another way, a further search comes to that worker only to end there. A plan begins a
   * chain at its end; what frees room there also opens ways through it, which must not hide the
   * rest. These searches go in canonical order: the slots of an index are in no order that a plan
   * from scratch knows.
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

  /**
   * Searches breadth first.
   *
   * @param onlyEnd a worker that no chain leads through, or {@link DomainRule#NOBODY}
   * @param hidden takes the workers at which a chain could end that leads through them
   */
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

  /**
   * Meets a worker again if less is asked of it, unless the chain came through it, or it has the
   * room already: a longer way there would undo what an earlier plan did to make that room.
   */
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

  /** Whether a worker may hold a chunk, has none of it, and awaits none: a chunk comes but once. */
  private boolean mayCome(int moved, int to, int from) {
    return !closed[to]
        && (foresees ? !board.isWanted(moved, to) : board.slots.find(moved, to) < 0)
        && board.mayHold(moved, to)
        && board.domains.admitsInstead(moved, to, from)
        && (awaited.isEmpty() || !awaited.contains(PairSet.pair(moved, to)));
  }

  private boolean leadsThrough(int worker, int end) {
    int at = end;
    while (at >= 0 && at != worker) {
      at = parent[at];
    }
    return at == worker;
  }

  /** Whether some worker has room for the smallest thing that might be moved there. */
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
        && (foresees || board.mayGiveUp(moved, from)); // another plan takes nothing away yet
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

  /** Reports whether a chunk of a size or any replica on a worker differs from others in size. */
  boolean isMixed(long size) {
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
      for (int i = 0; i < each.size(); i++) {
        all.add(each.get(i));
      }
    }
    Arrays.sort(all.array(), 0, all.size());
    int kept = 0;
    for (int i = 0; i < all.size(); i++) {
      if (i == 0 || all.get(i) != all.get(i - 1)) {
        all.set(kept++, all.get(i));
      }
    }
    all.truncate(kept);
    return all;
  }
}
