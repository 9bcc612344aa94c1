package dev.stowage.content;

import java.util.Arrays;

/**
 * From an item's id to its slot: open addressing with linear probing, at most three quarters full;
 * removal closes the gap, so there are no tombstones. The ids themselves stay with the items.
 */
final class IdIndex {
  static final int NO_SLOT = -1;
  private static final int LEAST_CAPACITY = 16;

  private final ItemTable table;
  private int[] slots = emptied(LEAST_CAPACITY);
  private int mask = LEAST_CAPACITY - 1;
  private int size;

  IdIndex(ItemTable table) {
    this.table = table;
  }

  int find(long id) {
    int at = home(id);
    int slot = slots[at];
    while (slot != NO_SLOT && table.idOf(slot) != id) {
      at = (at + 1) & mask;
      slot = slots[at];
    }
    return slot;
  }

  /** The id must not be there. */
  void add(long id, int slot) {
    if (size >= slots.length - (slots.length >> 2)) {
      grow();
    }
    size++;
    place(id, slot);
  }

  /** The id must be there. */
  void remove(long id) {
    int at = home(id);
    while (table.idOf(slots[at]) != id) {
      at = (at + 1) & mask;
    }
    size--;
    int hole = at;
    int next = (at + 1) & mask;
    while (slots[next] != NO_SLOT) {
      int wanted = home(table.idOf(slots[next]));
      // an entry moves back only if its home does not lie between the hole and itself
      if (((next - wanted) & mask) >= ((next - hole) & mask)) {
        slots[hole] = slots[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    slots[hole] = NO_SLOT;
  }

  void clear() {
    slots = emptied(LEAST_CAPACITY);
    mask = LEAST_CAPACITY - 1;
    size = 0;
  }

  private void place(long id, int slot) {
    int at = home(id);
    while (slots[at] != NO_SLOT) {
      at = (at + 1) & mask;
    }
    slots[at] = slot;
  }

  private void grow() {
    int[] before = slots;
    slots = emptied(before.length * 2);
    mask = slots.length - 1;
    for (int slot : before) {
      if (slot != NO_SLOT) {
        place(table.idOf(slot), slot);
      }
    }
  }

  private int home(long id) {
    long mixed = id * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }

  private static int[] emptied(int capacity) {
    int[] slots = new int[capacity];
    Arrays.fill(slots, NO_SLOT);
    return slots;
  }
}
