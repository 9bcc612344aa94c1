package dev.stowage.content;

import java.util.Arrays;

/** A binary heap of slots in any order, with removal from the middle. */
final class SlotHeap {
  private static final int[] NONE = {};

  private final SlotOrder order;
  private final IntColumn at;
  private int[] slots = NONE;
  private int size;

  /**
   * An empty heap.
   *
   * @param at where each slot's position is kept; a slot is in one heap of a column at most
   */
  SlotHeap(SlotOrder order, IntColumn at) {
    this.order = order;
    this.at = at;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  int first() {
    return slots[0];
  }

  /** The slot at a position of the heap; children of position p are at 2p+1 and 2p+2. */
  int slotAt(int position) {
    return slots[position];
  }

  boolean contains(int slot) {
    int position = at.at(slot);
    return position >= 0 && position < size && slots[position] == slot;
  }

  void add(int slot) {
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, Math.max(8, size + (size >> 1)));
    }
    up(size++, slot);
  }

  void remove(int slot) {
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

  void clear() {
    for (int i = 0; i < size; i++) {
      at.put(slots[i], -1);
    }
    slots = NONE;
    size = 0;
  }

  /** Restores the heap after its order changed. */
  void reorder() {
    for (int i = (size >> 1) - 1; i >= 0; i--) {
      down(i, slots[i]);
    }
  }

  boolean before(int a, int b) {
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
    int child = 2 * position + 1;
    while (child < size) {
      if (child + 1 < size && order.before(slots[child + 1], slots[child])) {
        child++;
      }
      if (!order.before(slots[child], slot)) {
        break;
      }
      put(position, slots[child]);
      position = child;
      child = 2 * position + 1;
    }
    put(position, slot);
  }

  private void put(int position, int slot) {
    slots[position] = slot;
    at.put(slot, position);
  }
}
