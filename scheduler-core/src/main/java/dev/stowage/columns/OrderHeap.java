package dev.stowage.columns;

import java.util.Arrays;

/** A binary heap of slots in a changeable order; {@link KeyHeap} is faster for single keys. */
public final class OrderHeap {
  private static final int[] NONE = {};

  private final IntOrder order;
  private final SparseColumn at;
  private int[] slots = NONE;
  private int size;

  /** Creates a heap; {@code at} holds each slot's position, and a slot is in one heap at most. */
  public OrderHeap(IntOrder order, SparseColumn at) {
    this.order = order;
    this.at = at;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  /** Returns the first slot; the heap must not be empty. */
  public int first() {
    return slots[0];
  }

  /** Returns the slot at a heap position; the children of position p are at 2p+1 and 2p+2. */
  public int slotAt(int position) {
    return slots[position];
  }

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

  /** Removes a slot, which must be in the heap. */
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

  public void clear() {
    for (int i = 0; i < size; i++) {
      at.put(slots[i], -1);
    }
    slots = NONE;
    size = 0;
  }

  public void reorder() {
    for (int i = (size >> 1) - 1; i >= 0; i--) {
      down(i, slots[i]);
    }
  }

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
    // Halving the size avoids the overflow of doubling the position.
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
