package dev.stowage.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first three of a class in rank without moving anything: what is due by its deadline,
 * then the rest. Looks only at the frontier of the heaps, a handful of entries whatever waits.
 */
final class Alternatives {
  static final int MOST = 3;

  private static final int LEAST_CAPACITY = 64;

  private final int[] found = new int[MOST];
  private int count;

  /**
   * A frontier entry: an item's key, its leaf, its place there, and, for place 0, also the leaf's
   * place among leaves.
   */
  private long[] keys = new long[LEAST_CAPACITY];

  private @Nullable Leaf[] leaves = new Leaf[LEAST_CAPACITY];
  private int[] itemAt = new int[LEAST_CAPACITY];
  private int[] leafAt = new int[LEAST_CAPACITY];
  private int frontier;
  private final int[] dueAt = new int[2 * MOST + 2];

  int count() {
    return count;
  }

  int slot(int i) {
    return found[i];
  }

  void begin() {
    count = 0;
  }

  boolean isFull() {
    return count == MOST;
  }

  /**
   * Adds the best of a class until three are found.
   *
   * @param dueBy items whose deadline is not later than this are due
   */
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
      int position = itemAt[best];
      int slot = leaf.slotAt(position);
      if (!isAmong(slot, before, due)) {
        found[count++] = slot;
      }
      if (count < MOST) {
        expand(queue.best, best, leaf, position);
      }
    }
    Arrays.fill(leaves, 0, Math.min(leaves.length, LEAST_CAPACITY), null);
  }

  /**
   * The best three of one leaf: its head, the head's best child, and the better of what is next.
   */
  private void collectFrom(Leaf leaf) {
    found[count++] = leaf.head();
    int second = count < MOST ? leaf.bestChild(0, -1) : -1;
    if (second < 0) {
      return;
    }
    found[count++] = leaf.slotAt(second);
    if (count < MOST) {
      int third = leaf.better(leaf.bestChild(0, second), leaf.bestChild(second, -1));
      if (third >= 0) {
        found[count++] = leaf.slotAt(third);
      }
    }
  }

  private void collectDue(SlotHeap deadlines, ItemTable table, long dueBy) {
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
      boolean before =
          keys[i] != keys[best]
              ? keys[i] > keys[best]
              : order.tiesBefore(leafOf(i).slotAt(itemAt[i]), leafOf(best).slotAt(itemAt[best]));
      best = before ? i : best;
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

  private void expand(LeafHeap best, int entry, Leaf leaf, int position) {
    int leafPosition = leafAt[entry];
    frontier--;
    keys[entry] = keys[frontier];
    leaves[entry] = leaves[frontier];
    itemAt[entry] = itemAt[frontier];
    leafAt[entry] = leafAt[frontier];
    if (position == 0) {
      pushLeaf(best, 2 * leafPosition + 1);
      pushLeaf(best, 2 * leafPosition + 2);
    }
    int first = Leaf.FAN_OUT * position + 1;
    for (int child = first; child < first + Leaf.FAN_OUT && child < leaf.size(); child++) {
      push(leaf.keyAt(child), leaf, child, leafPosition);
    }
  }

  private void pushLeaf(LeafHeap best, int position) {
    if (position < best.size()) {
      push(best.keyAt(position), best.leafAt(position), 0, position);
    }
  }

  private void push(long key, Leaf leaf, int item, int leafPosition) {
    if (frontier == keys.length) {
      keys = Arrays.copyOf(keys, frontier * 2);
      leaves = Arrays.copyOf(leaves, frontier * 2);
      itemAt = Arrays.copyOf(itemAt, frontier * 2);
      leafAt = Arrays.copyOf(leafAt, frontier * 2);
    }
    keys[frontier] = key;
    leaves[frontier] = leaf;
    itemAt[frontier] = item;
    leafAt[frontier] = leafPosition;
    frontier++;
  }
}
