package dev.stowage.content.queue;

import dev.stowage.columns.OrderHeap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the first three items of a class in rank, due ones first, without moving any item. */
public final class Alternatives {
  static final int MOST = 3;

  private static final int LEAST_CAPACITY = 4;

  private final int[] found = new int[MOST];
  private int count;

  /** The frontier by entry: {@link RankOrder#entry}, leaf, rank there, and leaf position. */
  private long[] entries = new long[LEAST_CAPACITY];

  private @Nullable Leaf[] leaves = new Leaf[LEAST_CAPACITY];
  private int[] rankIn = new int[LEAST_CAPACITY];
  private int[] leafAt = new int[LEAST_CAPACITY];
  private int frontier;
  private final int[] dueAt = new int[2 * MOST + 2];

  public int count() {
    return count;
  }

  public int slot(int i) {
    return found[i];
  }

  void begin() {
    count = 0;
  }

  boolean isFull() {
    return count == MOST;
  }

  void collect(ClassQueue queue, ItemTable table, long dueBy) {
    if (queue.deadlines.isEmpty() && queue.best.size() == 1) {
      collectFrom(queue.best.first());
      return;
    }
    int before = count;
    collectDue(queue.deadlines, table, dueBy);
    int due = count - before;
    frontier = 0;
    pushLeaf(queue.best, 0);
    while (count < MOST && frontier > 0) {
      int best = bestOfFrontier(queue.order);
      Leaf leaf = leafOf(best);
      int rank = rankIn[best];
      int slot = (int) entries[best];
      if (!isAmong(slot, before, due)) {
        found[count++] = slot;
      }
      if (count < MOST) {
        expand(queue.best, best, leaf, rank);
      }
    }
    Arrays.fill(leaves, null);
  }

  private void collectFrom(Leaf leaf) {
    for (int rank = 0; rank < leaf.size() && count < MOST; rank++) {
      found[count++] = (int) leaf.entryAt(rank);
    }
  }

  private void collectDue(OrderHeap deadlines, ItemTable table, long dueBy) {
    if (deadlines.isEmpty()) {
      return;
    }
    int open = 1;
    dueAt[0] = 0;
    while (count < MOST && open > 0) {
      int best = 0;
      for (int i = 1; i < open; i++) {
        if (deadlines.before(deadlines.slotAt(dueAt[i]), deadlines.slotAt(dueAt[best]))) {
          best = i;
        }
      }
      int position = dueAt[best];
      int slot = deadlines.slotAt(position);
      if (table.item(slot).details().deadlineOrNever() > dueBy) {
        return;
      }
      found[count++] = slot;
      dueAt[best] = dueAt[--open];
      for (int child = 2 * position + 1; child <= 2 * position + 2; child++) {
        if (child < deadlines.size()) {
          dueAt[open++] = child;
        }
      }
    }
  }

  private boolean isAmong(int slot, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (found[i] == slot) {
        return true;
      }
    }
    return false;
  }

  private int bestOfFrontier(RankOrder order) {
    int best = 0;
    for (int i = 1; i < frontier; i++) {
      best = order.entryBefore(entries[i], entries[best]) ? i : best;
    }
    return best;
  }

  private Leaf leafOf(int entry) {
    Leaf leaf = leaves[entry];
    if (leaf == null) {
      throw new IllegalStateException("no leaf at " + entry + " of " + frontier);
    }
    return leaf;
  }

  private void expand(LeafHeap best, int entry, Leaf leaf, int rank) {
    int leafPosition = leafAt[entry];
    frontier--;
    entries[entry] = entries[frontier];
    leaves[entry] = leaves[frontier];
    rankIn[entry] = rankIn[frontier];
    leafAt[entry] = leafAt[frontier];
    if (rank == 0) {
      pushLeaf(best, 2 * leafPosition + 1);
      pushLeaf(best, 2 * leafPosition + 2);
    }
    if (rank + 1 < leaf.size()) {
      push(leaf, rank + 1, leafPosition);
    }
  }

  private void pushLeaf(LeafHeap best, int position) {
    if (position < best.size()) {
      push(best.leafAt(position), 0, position);
    }
  }

  private void push(Leaf leaf, int rank, int leafPosition) {
    if (frontier == entries.length) {
      entries = Arrays.copyOf(entries, frontier * 2);
      leaves = Arrays.copyOf(leaves, frontier * 2);
      rankIn = Arrays.copyOf(rankIn, frontier * 2);
      leafAt = Arrays.copyOf(leafAt, frontier * 2);
    }
    entries[frontier] = leaf.entryAt(rank);
    leaves[frontier] = leaf;
    rankIn[frontier] = rank;
    leafAt[frontier] = leafPosition;
    frontier++;
  }
}
