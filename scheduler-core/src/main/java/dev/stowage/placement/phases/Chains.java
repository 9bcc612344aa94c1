package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.columns.MergeSort;
import dev.stowage.placement.Search;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Searches;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.input.Order;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Evens workers out along shortest chains of equal-sized chunks, each keeping count and spread;
 * free changes first, copies last. The places of one chunk are bases of a matroid, so with equal
 * sizes nothing more even exists once no chain is left.
 */
final class Chains {
  private static final int NOBODY = -1;

  /** The most replicas considered; larger numbers even out by themselves. */
  private static final int MOST = 1 << 22;

  /** The most sizes tried per worker. */
  private static final int MOST_SIZES = 8;

  /** The most replicas considered if sizes differ, because each chain needs a new search. */
  private static final int MOST_OF_MANY_SIZES = 1 << 20;

  private final Board board;
  private final Picker picker;
  private final MovementLedger ledger;
  private final Leveling leveling;
  private final int workers;

  private final IntList[] chunksOn;

  private final boolean[] off;

  /** Workers not reached by a search; takers come last. */
  private final int[] ahead;

  private int aheadCount;

  private boolean copies;

  private final int[] from;
  private final int[] by;

  /** Full workers that a chain may pass through, giving on only additions. */
  private final boolean[] isThrough;

  private final boolean[] isVain;

  private final boolean isOneSize;

  /** The steps left for examining chunks on workers. */
  private final Searches.Budget budget;

  Chains(Board board, Picker picker, MovementLedger ledger, Leveling leveling) {
    this.board = board;
    this.picker = picker;
    this.ledger = ledger;
    this.leveling = leveling;
    workers = board.fleet.count;
    chunksOn = new IntList[workers];
    off = new boolean[workers];
    ahead = new int[workers];
    from = new int[workers];
    by = new int[workers];
    isVain = new boolean[workers];
    isThrough = new boolean[workers];
    isOneSize = board.leastSize() == board.largestSize();
    budget = board.searches.budget(Search.LEVELING);
  }

  void makeFree() {
    boolean any = false;
    boolean[] takers = new boolean[workers];
    for (int worker : board.fleet.order) {
      off[worker] = board.fleet.placeable[worker] && leveling.isOff(worker);
      takers[worker] = off[worker] && board.head(worker) > 0 && board.leftover[worker] > 0;
      any |= off[worker];
    }
    if (!any || !collect(takers)) {
      return;
    }
    boolean found = true;
    while (found) {
      found = false;
      Arrays.fill(isVain, false);
      for (int giver : givers()) {
        while (giveFrom(giver)) {
          found = true;
        }
      }
    }
  }

  void makeCopies(boolean[] stuck) {
    copies = true;
    System.arraycopy(stuck, 0, off, 0, workers);
    WorkerIndex index = board.chunksOnAll();
    if (!isOneSize && index.start[workers] > MOST_OF_MANY_SIZES) {
      board.searches.giveUp(Search.LEVELING);
      return;
    }
    collectAll(index);
    for (int giver : givers()) {
      while (!ledger.isExhausted() && giveFrom(giver)) {
        // Each is a search of its own, because the last one changed what workers may give.
      }
    }
  }

  private void collectAll(WorkerIndex index) {
    for (int worker = 0; worker < workers; worker++) {
      chunksOn[worker] = new IntList(0);
      int count = index.start[worker + 1] - index.start[worker];
      int[] chunks = Arrays.copyOfRange(index.chunk, index.start[worker], index.start[worker + 1]);
      Order.canonically(chunks, 0, count, board.input.chunkOrder);
      for (int chunk : chunks) {
        if (!leveling.isFixed(chunk)) {
          chunksOn[worker].add(chunk);
        }
      }
    }
  }

  private boolean collect(boolean[] takers) {
    IntList candidates = new IntList();
    BitSet seen = new BitSet();
    int[] touched = board.slots.touched.toArray();
    Order.canonically(touched, 0, touched.length, board.input.chunkOrder);
    long slots = 0;
    for (int chunk : touched) {
      slots += consider(chunk, candidates, seen);
    }
    for (boolean taker : takers) {
      if (taker) {
        slots += collectThere(takers, candidates, seen);
        break;
      }
    }
    if (slots > MOST) {
      board.searches.giveUp(Search.LEVELING);
    }
    if (candidates.isEmpty() || slots > MOST || !areOfOneSize(candidates)) {
      return false;
    }
    Arrays.setAll(chunksOn, worker -> new IntList(0));
    for (int i = 0; i < candidates.size(); i++) {
      int chunk = candidates.get(i);
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        if (Slots.isWanted(board.slots.bits(slot))) {
          chunksOn[board.slots.worker(slot)].add(chunk);
        }
      }
    }
    return true;
  }

  /** Checks sizes, because mixed chains could undo the room made for a waiting chunk. */
  private boolean areOfOneSize(IntList chunks) {
    boolean same = true;
    for (int i = 1; i < chunks.size(); i++) {
      same &= board.chunks.size[chunks.get(i)] == board.chunks.size[chunks.get(0)];
    }
    return same;
  }

  private long collectThere(boolean[] takers, IntList candidates, BitSet seen) {
    WorkerIndex index = board.chunksOn(takers);
    int[] chunks = index.chunk.clone();
    Order.canonically(chunks, 0, chunks.length, board.input.chunkOrder);
    long slots = 0;
    for (int chunk : chunks) {
      slots += consider(chunk, candidates, seen);
    }
    return slots;
  }

  private int consider(int chunk, IntList candidates, BitSet seen) {
    if (seen.get(chunk) || leveling.isFixed(chunk)) {
      return 0;
    }
    boolean choice = false;
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      choice |= Slots.isAdded(board.slots.bits(slot)) || Slots.isStillThere(board.slots.bits(slot));
    }
    seen.set(chunk);
    if (choice) {
      candidates.add(chunk);
    }
    return choice ? board.slots.count(chunk) : 0;
  }

  private int[] givers() {
    int[] found = new int[workers];
    int count = 0;
    for (int worker : board.fleet.order) {
      if (board.fleet.placeable[worker] && board.head(worker) < 0 && !chunksOn[worker].isEmpty()) {
        found[count++] = worker;
      }
    }
    new MergeSort(found, (one, other) -> Zones.compareHeads(board, one, other)).sort(0, count);
    return Arrays.copyOf(found, count);
  }

  /** Gives one replica to the lowest worker on a shortest chain; larger sizes first. */
  private boolean giveFrom(int giver) {
    if (board.head(giver) >= 0 || isVain[giver] || !budget.goesOn()) {
      return false;
    }
    for (long size : sizesOn(giver)) {
      if (giveFrom(giver, size)) {
        return true;
      }
    }
    isVain[giver] = true;
    return false;
  }

  private long[] sizesOn(int giver) {
    if (isOneSize) {
      return new long[] {board.leastSize()};
    }
    IntList chunks = chunksOn[giver];
    long[] sizes = new long[MOST_SIZES];
    int count = 0;
    for (int i = 0; i < chunks.size() && count < MOST_SIZES; i++) {
      long size = board.chunks.size[chunks.get(i)];
      boolean isNew = size > 0;
      for (int at = 0; isNew && at < count; at++) {
        isNew = sizes[at] != size;
      }
      if (isNew) {
        sizes[count++] = size;
      }
    }
    Arrays.sort(sizes, 0, count);
    long[] descending = new long[count];
    Arrays.setAll(descending, i -> sizes[descending.length - 1 - i]);
    return descending;
  }

  private boolean giveFrom(int giver, long size) {
    if (!setOut(giver)) {
      return false;
    }
    int best = NOBODY;
    int[] queue = new int[workers];
    int count = 1;
    queue[0] = giver;
    for (int next = 0; next < count && best == NOBODY; next++) {
      int before = aheadCount;
      best = explore(queue[next], giver, size);
      for (int i = before - 1; i >= aheadCount; i--) {
        queue[count++] = ahead[i];
      }
    }
    if (best == NOBODY && isOneSize) {
      noteVain(giver, queue, count);
    }
    return best != NOBODY && apply(giver, best);
  }

  private void noteVain(int giver, int[] reached, int count) {
    for (int i = 0; i < count; i++) {
      int worker = reached[i];
      boolean asksMore =
          (off[worker] && !off[giver])
              || board.fleet.capacity[worker] > board.fleet.capacity[giver];
      isVain[worker] |= !asksMore && !Zones.isFuller(board, worker, giver);
    }
  }

  /** Starts a search with the takers at the end, lowest last; returns whether there are any. */
  private boolean setOut(int giver) {
    budget.spend(workers);
    aheadCount = 0;
    Arrays.fill(isThrough, false);
    int takers = 0;
    for (int worker : board.fleet.order) {
      if (board.fleet.placeable[worker] && worker != giver && !picker.reserved[worker]) {
        ahead[aheadCount++] = worker;
      }
    }
    for (int at = aheadCount - 1; at >= 0; at--) {
      int worker = ahead[at];
      if (isTaker(giver, worker)) {
        takers++;
        swap(at, aheadCount - takers);
      }
    }
    for (int at = aheadCount - takers; at < aheadCount - 1; at++) {
      if (Zones.isFuller(board, ahead[aheadCount - 1], ahead[at])) {
        swap(at, aheadCount - 1);
      }
    }
    return takers > 0;
  }

  private void swap(int one, int other) {
    int worker = ahead[one];
    ahead[one] = ahead[other];
    ahead[other] = worker;
  }

  private boolean isTaker(int giver, int worker) {
    return board.head(worker) > 0 && (off[giver] || off[worker]);
  }

  /** Marks whom a worker can give to; returns the first that improves, or {@link #NOBODY}. */
  private int explore(int worker, int giver, long size) {
    IntList chunks = chunksOn[worker];
    for (int i = 0; i < chunks.size() && aheadCount > 0; i++) {
      int chunk = chunks.get(i);
      int slot = board.slots.find(chunk, worker);
      boolean fits =
          slot >= 0
              && board.chunks.size[chunk] == size
              && leveling.isMovable(chunk, board.slots.bits(slot), worker)
              && (!isThrough[worker] || Slots.isAdded(board.slots.bits(slot)));
      if (fits) {
        board.focus(chunk);
        int found = explore(chunk, slot, giver);
        if (found != NOBODY) {
          return found;
        }
      }
    }
    return NOBODY;
  }

  private int explore(int chunk, int slot, int giver) {
    budget.spend(aheadCount);
    for (int at = aheadCount - 1; at >= 0; at--) {
      int other = ahead[at];
      isThrough[other] = lacksRoom(chunk, slot, other);
      if (isThrough[other] || mayGo(chunk, slot, other)) {
        from[other] = board.slots.worker(slot);
        by[other] = chunk;
        swap(at, --aheadCount);
        if (!isThrough[other]
            && isTaker(giver, other)
            && leveling.improves(giver, other, board.chunks.size[chunk])) {
          return other;
        }
      }
    }
    return NOBODY;
  }

  private boolean mayGo(int chunk, int slot, int to) {
    if (board.holds(to)) {
      int there = board.slots.find(chunk, to);
      if (!Slots.isStillThere(board.slots.bits(there))
          || !board.fitsAgain(to, board.chunks.size[chunk])) {
        return false;
      }
    } else if (!isGivenTo(slot) || !board.takes(to, board.chunks.size[chunk])) {
      return false;
    }
    return keepsRules(chunk, slot, to);
  }

  private boolean lacksRoom(int chunk, int slot, int to) {
    return !board.holds(to)
        && !board.takes(to, board.chunks.size[chunk])
        && board.free[to] >= 0
        && board.spare(to) >= 0
        && isGivenTo(slot)
        && keepsRules(chunk, slot, to);
  }

  private boolean keepsRules(int chunk, int slot, int to) {
    int worker = board.slots.worker(slot);
    return leveling.admits(chunk, to)
        && board.domains.admitsInstead(chunk, to, worker)
        && Zones.keepsSpread(board, chunk, worker, to);
  }

  private boolean isGivenTo(int slot) {
    return copies || Slots.isAdded(board.slots.bits(slot));
  }

  private boolean apply(int giver, int taker) {
    for (int to = taker; to != giver; to = from[to]) {
      int chunk = by[to];
      int slot = board.slots.find(chunk, from[to]);
      if (slot < 0) {
        return false;
      }
      board.focus(chunk);
      if (!mayGo(chunk, slot, to)) {
        return false;
      }
      int known = board.slots.find(chunk, to);
      if (known >= 0) {
        leveling.exchange(chunk, known, from[to]);
      } else if (!leveling.move(chunk, slot, to)) {
        return false;
      }
      chunksOn[to].add(chunk);
    }
    off[giver] |= !copies && leveling.isOff(giver);
    off[taker] |= !copies && leveling.isOff(taker);
    return true;
  }
}
