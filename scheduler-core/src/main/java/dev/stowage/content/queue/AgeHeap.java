package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import dev.stowage.columns.SparseColumn;
import java.util.Arrays;

/** A heap of slots by age. Generations stand beside the slots, so that few items are read. */
final class AgeHeap {
  private static final int[] NO_SLOTS = {};
  private static final long[] NO_GENERATIONS = {};

  private final ItemTable table;
  private final SparseColumn at;
  private int[] slots = NO_SLOTS;
  private long[] generations = NO_GENERATIONS;
  private int size;

  AgeHeap(ItemTable table, SparseColumn at) {
    this.table = table;
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

  int slotAt(int position) {
    return slots[position];
  }

  boolean contains(int slot) {
    int position = at.at(slot);
    return position >= 0 && position < size && slots[position] == slot;
  }

  void add(int slot) {
    if (size == slots.length) {
      int capacity = Growth.capacity(Math.max(8, size + (long) (size >> 1)), size + 1L);
      slots = Arrays.copyOf(slots, capacity);
      generations = Arrays.copyOf(generations, capacity);
    }
    up(size++, slot, table.generation(slot));
  }

  void remove(int slot) {
    int position = at.at(slot);
    at.put(slot, -1);
    size--;
    if (position == size) {
      return;
    }
    int last = slots[size];
    long generation = generations[size];
    if (position > 0 && isBefore(generation, last, (position - 1) >> 1)) {
      up(position, last, generation);
    } else {
      down(position, last, generation);
    }
  }

  private void up(int from, int slot, long generation) {
    int position = from;
    while (position > 0) {
      int parent = (position - 1) >> 1;
      if (!isBefore(generation, slot, parent)) {
        break;
      }
      put(position, slots[parent], generations[parent]);
      position = parent;
    }
    put(position, slot, generation);
  }

  private void down(int from, int slot, long generation) {
    int position = from;
    // While a child exists: twice the position may overflow an int.
    while (position < size >>> 1) {
      int child = 2 * position + 1;
      if (child + 1 < size && isBefore(generations[child + 1], slots[child + 1], child)) {
        child++;
      }
      if (isBefore(generation, slot, child)) {
        break;
      }
      put(position, slots[child], generations[child]);
      position = child;
    }
    put(position, slot, generation);
  }

  private boolean isBefore(long generation, int slot, int position) {
    return generation != generations[position]
        ? generation < generations[position]
        : Long.compareUnsigned(table.idOf(slot), table.idOf(slots[position])) < 0;
  }

  private void put(int position, int slot, long generation) {
    slots[position] = slot;
    generations[position] = generation;
    at.put(slot, position);
  }
}
