package dev.stowage.content;

import java.util.Arrays;

/**
 * Finds the first three of a class in rank without moving anything: what is due by its deadline,
 * then the rest. Looks only at the frontier of the heaps, a handful of entries whatever waits.
 */
final class Alternatives {
  static final int MOST = 3;

  private final int[] found = new int[MOST];
  private int count;

  /** A frontier entry: a place in a leaf, or, for place 0, also the leaf's place among leaves. */
  private int[] leafAt = new int[64];

  private int[] itemAt = new int[64];
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
    int before = count;
    collectDue(queue.deadlines, table, dueBy);
    int due = count - before;
    frontier = 0;
    if (!queue.best.isEmpty()) {
      push(0, 0);
    }
    while (count < MOST && frontier > 0) {
      int best = bestOfFrontier(queue);
      Leaf leaf = queue.best.leafAt(leafAt[best]);
      int position = itemAt[best];
      int slot = leaf.slotAt(position);
      if (!isAmong(slot, before, due)) {
        found[count++] = slot;
      }
      expand(queue, best, leaf, position);
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

  private int bestOfFrontier(ClassQueue queue) {
    int best = 0;
    for (int i = 1; i < frontier; i++) {
      Leaf leaf = queue.best.leafAt(leafAt[i]);
      Leaf other = queue.best.leafAt(leafAt[best]);
      long key = leaf.keyAt(itemAt[i]);
      long otherKey = other.keyAt(itemAt[best]);
      boolean before =
          key != otherKey
              ? key > otherKey
              : queue.order.tiesBefore(leaf.slotAt(itemAt[i]), other.slotAt(itemAt[best]));
      best = before ? i : best;
    }
    return best;
  }

  private void expand(ClassQueue queue, int entry, Leaf leaf, int position) {
    int leafPosition = leafAt[entry];
    frontier--;
    leafAt[entry] = leafAt[frontier];
    itemAt[entry] = itemAt[frontier];
    if (position == 0) {
      for (int child = 2 * leafPosition + 1; child <= 2 * leafPosition + 2; child++) {
        if (child < queue.best.size()) {
          push(child, 0);
        }
      }
    }
    int first = Leaf.FAN_OUT * position + 1;
    for (int child = first; child < first + Leaf.FAN_OUT && child < leaf.size(); child++) {
      push(leafPosition, child);
    }
  }

  private void push(int leaf, int item) {
    if (frontier == leafAt.length) {
      leafAt = Arrays.copyOf(leafAt, frontier * 2);
      itemAt = Arrays.copyOf(itemAt, frontier * 2);
    }
    leafAt[frontier] = leaf;
    itemAt[frontier] = item;
    frontier++;
  }
}
