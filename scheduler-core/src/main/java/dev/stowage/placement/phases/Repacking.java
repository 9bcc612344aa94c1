package dev.stowage.placement.phases;

import dev.stowage.columns.MergeSort;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.Search;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Searches;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.DomainCount;
import dev.stowage.placement.fleet.DomainLimits;
import dev.stowage.placement.input.Order;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Places floors of small plans by trying every packing, so mixed sizes are refused only if none
 * exists or the steps run out. Held replicas stay.
 */
final class Repacking {
  /** The most replicas of a small plan, held ones included. */
  static final int MOST_REPLICAS = 64;

  private final Board board;
  private final Relocation relocation;
  private final long[] room;

  private final int[] spare;

  private final DomainLimits limits;
  private final DomainCount together;
  private final Searches.Budget budget;
  private int[] items = {};
  private int[] copies = {};
  private boolean[][] may = {};
  private boolean[][] chosen = {};
  private int[][] tightest = {};
  private long[] bytesFrom = {};
  private long[] leastFrom = {};

  Repacking(Board board, Relocation relocation) {
    this.board = board;
    this.relocation = relocation;
    room = new long[board.fleet.count];
    spare = new int[room.length];
    limits = board.fleet.limits;
    together = new DomainCount(limits, room.length);
    budget = board.searches.budget(Search.REPACKING);
  }

  boolean place(int chunk, int missing, int because) {
    if (!relocation.isMixed(board.chunks.size[chunk])) {
      return false; // chains are complete for equal sizes
    }
    if (relocation.replicas() > MOST_REPLICAS) {
      board.searches.giveUp(Search.REPACKING);
    }
    if (relocation.replicas() > MOST_REPLICAS || !budget.goesOn()) {
      return false;
    }
    gather(chunk, missing);
    if (!fill(0, 0, copies[0])) {
      board.focus(chunk);
      return false;
    }
    int[] reasons = new int[items.length];
    for (int item = 0; item < items.length; item++) {
      reasons[item] = takeOff(items[item], because);
    }
    for (int item = 0; item < items.length; item++) {
      board.focus(items[item]);
      for (int worker : board.fleet.order) {
        if (chosen[item][worker]) {
          board.add(items[item], worker, reasons[item]);
        }
      }
    }
    board.reliefs++;
    board.focus(chunk);
    return true;
  }

  private void gather(int chunk, int missing) {
    System.arraycopy(board.free, 0, room, 0, room.length);
    Arrays.setAll(spare, board::spare);
    int[] found =
        IntStream.concat(
                relocation.chunks().filter(each -> each != chunk && count(each) > 0),
                IntStream.of(chunk))
            .toArray();
    items =
        Order.by(
            found,
            found.length,
            each -> Order.largestFirst(board.chunks.size[each]),
            board.input.chunkOrder);
    copies = new int[items.length];
    may = new boolean[items.length][room.length];
    chosen = new boolean[items.length][room.length];
    tightest = new int[items.length][];
    bytesFrom = new long[items.length + 1];
    leastFrom = new long[items.length + 1];
    leastFrom[items.length] = Long.MAX_VALUE;
    for (int item = items.length - 1; item >= 0; item--) {
      long size = board.chunks.size[items[item]];
      copies[item] = count(items[item]) + (items[item] == chunk ? missing : 0);
      allow(item, items[item]);
      bytesFrom[item] = bytesFrom[item + 1] + size * copies[item];
      leastFrom[item] = Math.min(leastFrom[item + 1], size);
    }
  }

  private void allow(int item, int chunk) {
    board.focus(chunk);
    boolean[] places = may[item];
    for (int worker : board.pool(chunk).placeable) {
      places[worker] = !board.holds(worker) && board.fit.admits(chunk, worker);
    }
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int worker = board.slots.worker(slot);
      if (isMovable(chunk, slot)) {
        places[worker] = true;
        room[worker] += board.chunks.size[chunk];
        spare[worker]++;
      }
    }
  }

  private boolean isCrowded(int item, int worker) {
    if (!limits.isAny()) {
      return false;
    }
    together.clear();
    int chunk = items[item];
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      if (board.domains.counts(chunk, slot) && !isMovable(chunk, slot)) {
        together.add(board.slots.worker(slot));
      }
    }
    for (int other = 0; other < room.length; other++) {
      if (chosen[item][other]) {
        together.add(other);
      }
    }
    return !together.take(worker);
  }

  private int count(int chunk) {
    int count = 0;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      count += isMovable(chunk, slot) ? 1 : 0;
    }
    return count;
  }

  private boolean isMovable(int chunk, int slot) {
    int worker = board.slots.worker(slot);
    return board.isFreeToGo(chunk, worker, board.slots.bits(slot))
        && board.fit.admits(chunk, worker)
        && !board.chunks.is(chunk, ChunkBits.PINNED)
        && !board.isPinnedPair(chunk, worker);
  }

  private int takeOff(int chunk, int otherwise) {
    int because = otherwise;
    for (int slot = board.slots.end(chunk) - 1; slot >= board.slots.begin(chunk); slot--) {
      if (isMovable(chunk, slot)) {
        because = Slots.because(board.slots.bits(slot));
        board.undoAdd(chunk, slot);
      }
    }
    return because;
  }

  /** Places the item from {@code first} on, then the later items. */
  private boolean fill(int item, int first, int missing) {
    if (missing == 0) {
      int next = item + 1;
      return next == items.length || fill(next, 0, copies[next]);
    }
    if (first == 0 && missing == copies[item]) {
      if (!mayFit(item)) {
        return false;
      }
      tightest[item] = byRoom();
    }
    int[] order = tightest[item];
    long size = board.chunks.size[items[item]];
    for (int i = first; i < order.length && budget.goesOn(); i++) {
      int worker = order[i];
      budget.spend(1);
      if (room[worker] < size
          || spare[worker] <= 0
          || !may[item][worker]
          || isCrowded(item, worker)
          || isLikeOneBefore(item, i, first)) {
        continue;
      }
      room[worker] -= size;
      spare[worker]--;
      chosen[item][worker] = true;
      if (fill(item, i + 1, missing - 1)) {
        return true;
      }
      chosen[item][worker] = false;
      room[worker] += size;
      spare[worker]++;
    }
    return false;
  }

  private int[] byRoom() {
    int[] order = board.fleet.order.clone();
    new MergeSort(order, (one, other) -> Long.compare(room[one], room[other]))
        .sort(0, order.length);
    return order;
  }

  private boolean isLikeOneBefore(int item, int at, int first) {
    int[] order = tightest[item];
    for (int i = at - 1; i >= first && room[order[i]] == room[order[at]]; i--) {
      boolean alike =
          spare[order[i]] == spare[order[at]] && limits.areTogether(order[i], order[at]);
      for (int other = item; alike && other < items.length; other++) {
        alike = may[other][order[i]] == may[other][order[at]];
      }
      if (alike) {
        return true;
      }
    }
    return false;
  }

  /** Bounds the search: the useful room must cover the remaining bytes. */
  private boolean mayFit(int item) {
    long usable = 0;
    for (long each : room) {
      usable += each >= leastFrom[item] ? each : 0;
      if (usable >= bytesFrom[item]) {
        return true;
      }
    }
    return false;
  }
}
