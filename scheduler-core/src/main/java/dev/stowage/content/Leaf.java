package dev.stowage.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one class, of one flow, for one destination: a heap with eight children per node,
 * the rank key of every item beside its slot, so that most comparisons stay in a cache line or two.
 */
final class Leaf {
  static final int FAN_OUT = 8;
  private static final int LEAST_CAPACITY = 4;

  /** Up to this many items the arrays double, then they grow by an eighth. */
  private static final int SMALL = 128;

  private final ItemTable table;
  private final RankOrder order;
  private long[] keys = new long[LEAST_CAPACITY];
  private int[] slots = new int[LEAST_CAPACITY];
  private int size;

  final FlowQueue flow;
  @Nullable Destination destination;

  /** Position in the heap of the class's leaves. */
  int classAt;

  /** Position in the heap of the flow's leaves. */
  int flowAt;

  Leaf(ItemTable table, RankOrder order, FlowQueue flow) {
    this.table = table;
    this.order = order;
    this.flow = flow;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The best item's slot. */
  int head() {
    return slots[0];
  }

  /** The key of the best item, for heaps of leaves to keep. */
  long headKey() {
    return keys[0];
  }

  /** The best child of a position but for one other; -1 if there is none. */
  int bestChild(int position, int except) {
    int child = FAN_OUT * position + 1;
    int end = Math.min(child + FAN_OUT, size);
    int best = -1;
    for (int i = child; i < end; i++) {
      if (i != except && (best < 0 || precedes(keys[i], slots[i], best))) {
        best = i;
      }
    }
    return best;
  }

  /** Which of two positions is the better; either may be -1 for none. */
  int better(int a, int b) {
    if (a < 0 || b < 0) {
      return Math.max(a, b);
    }
    return precedes(keys[a], slots[a], b) ? a : b;
  }

  long keyAt(int position) {
    return keys[position];
  }

  int slotAt(int position) {
    return slots[position];
  }

  void add(int slot) {
    if (size == slots.length) {
      int capacity = size + (size < SMALL ? size : size >> 3);
      keys = Arrays.copyOf(keys, capacity);
      slots = Arrays.copyOf(slots, capacity);
    }
    table.leaf(slot, this);
    up(size++, order.key(slot), slot);
  }

  void remove(int slot) {
    int position = table.heapAt(slot);
    table.leaf(slot, null);
    size--;
    if (position == size) {
      return;
    }
    long key = keys[size];
    int last = slots[size];
    int parent = (position - 1) / FAN_OUT;
    if (position > 0 && precedes(key, last, parent)) {
      up(position, key, last);
    } else {
      down(position, key, last);
    }
  }

  /** Restores the heap after the order changed. */
  void reorder() {
    for (int i = 0; i < size; i++) {
      keys[i] = order.key(slots[i]);
    }
    for (int i = (size - 2) / FAN_OUT; i >= 0; i--) {
      down(i, keys[i], slots[i]);
    }
  }

  /** Gives back memory that a large backlog left behind. */
  void trim() {
    if (slots.length > 64) {
      keys = new long[LEAST_CAPACITY];
      slots = new int[LEAST_CAPACITY];
    }
  }

  private void up(int from, long key, int slot) {
    int position = from;
    while (position > 0) {
      int parent = (position - 1) / FAN_OUT;
      if (!precedes(key, slot, parent)) {
        break;
      }
      put(position, keys[parent], slots[parent]);
      position = parent;
    }
    put(position, key, slot);
  }

  private void down(int from, long key, int slot) {
    int position = from;
    int child = FAN_OUT * position + 1;
    while (child < size) {
      int best = child;
      int end = Math.min(child + FAN_OUT, size);
      for (int i = child + 1; i < end; i++) {
        if (precedes(keys[i], slots[i], best)) {
          best = i;
        }
      }
      if (precedes(key, slot, best)) {
        break;
      }
      put(position, keys[best], slots[best]);
      position = best;
      child = FAN_OUT * position + 1;
    }
    put(position, key, slot);
  }

  private boolean precedes(long key, int slot, int position) {
    long other = keys[position];
    return key != other ? key > other : order.tiesBefore(slot, slots[position]);
  }

  private void put(int position, long key, int slot) {
    keys[position] = key;
    slots[position] = slot;
    table.heapAt(slot, position);
  }
}
