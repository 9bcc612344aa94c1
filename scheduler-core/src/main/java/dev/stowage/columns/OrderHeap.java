package dev.stowage.columns;

import java.util.Arrays;

/**
 * A binary heap of slots in any order, with removal from the middle. The order is asked for every
 * comparison, and may change; where each number has one key, {@link KeyHeap} keeps it and is
 * faster.
 */
public final class OrderHeap {
  private static final int[] NONE = {};

  private final IntOrder order;
  private final SparseColumn at;
  private int[] slots = NONE;
  private int size;

  /**
   * An empty heap.
   *
   * @param at where each slot's position is kept; a slot is in one heap of a column at most
   */
  public OrderHeap(IntOrder order, SparseColumn at) {
    this.order = order;
    this.at = at;
  }

  /** Whether there is no slot. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many slots there are. */
  public int size() {
    return size;
  }

  /** The slot that comes first; there must be one. */
  public int first() {
    return slots[0];
  }

  /** The slot at a position of the heap; children of position p are at 2p+1 and 2p+2. */
  public int slotAt(int position) {
    return slots[position];
  }

  /** Whether a slot is in this heap. */
  public boolean contains(int slot) {
    int position = at.at(slot);
    return position >= 0 && position < size && slots[position] == slot;
  }

  /** Adds a slot that is in no heap of the column. */
  public void add(int slot) {
    if (size == slots.length) {
      slots =
          Arrays.copyOf(slots, Growth.capacity(Math.max(8, size + (long) (size >> 1)), size + 1L));
    }
    up(size++, slot);
  }

  /** Takes out a slot that is in the heap. */
  public void remove(int slot) {
    int position = at.at(slot);
    at.put(slot, -1);
    int last = slots[--size];
    if (position == size) {
      return;
    }
    if (position > 0 && order.before(last, slots[(position - 1) >> 1])) {
      up(position, last);
    } else {
      down(position, last);
    }
  }

  /** Takes all out. */
  public void clear() {
    for (int i = 0; i < size; i++) {
      at.put(slots[i], -1);
    }
    slots = NONE;
    size = 0;
  }

  /** Restores the heap after its order changed. */
  public void reorder() {
    for (int i = (size >> 1) - 1; i >= 0; i--) {
      down(i, slots[i]);
    }
  }

  /** Whether one slot comes before another in the order of the heap. */
  public boolean before(int a, int b) {
    return order.before(a, b);
  }

  private void up(int from, int slot) {
    int position = from;
    while (position > 0) {
      int parent = (position - 1) >> 1;
      if (!order.before(slot, slots[parent])) {
        break;
      }
      put(position, slots[parent]);
      position = parent;
    }
    put(position, slot);
  }

  private void down(int from, int slot) {
    int position = from;
    // as long as there is a child: twice the position may be more than an int holds
    while (position < size >>> 1) {
      int child = 2 * position + 1;
      if (child + 1 < size && order.before(slots[child + 1], slots[child])) {
        child++;
      }
      if (!order.before(slots[child], slot)) {
        break;
      }
      put(position, slots[child]);
      position = child;
    }
    put(position, slot);
  }

  private void put(int position, int slot) {
    slots[position] = slot;
    at.put(slot, position);
  }
}
