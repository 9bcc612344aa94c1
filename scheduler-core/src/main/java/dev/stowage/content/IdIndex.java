package dev.stowage.content;

import java.util.Arrays;

/**
 * From an item's id to its slot: open addressing with linear probing, at most three quarters full;
 * removal closes the gap, so there are no tombstones.
 *
 * <p>An entry is one int: the slot in as many low bits as the capacity asks for; above them, in
 * four bits, how far the entry stands from its home; above them what is left of the id's hash. So
 * items are looked at only where that rest agrees, and, when a gap is closed, where an entry stands
 * {@value #FAR} or more from its home.
 */
final class IdIndex {
  static final int NO_SLOT = -1;

  private static final int MOST_ENTRIES = 1 << 27;

  /** Items that there is room for: three quarters of the greatest capacity. */
  static final int MOST_ITEMS = MOST_ENTRIES / 4 * 3;

  private static final int LEAST_ENTRIES = 16;
  private static final int DISTANCE_BITS = 4;
  private static final int FAR = (1 << DISTANCE_BITS) - 1;

  /** No entry has this value: its slot would be the last one, and a quarter is always free. */
  private static final int EMPTY = -1;

  private final ItemTable table;
  private int[] entries = emptied(LEAST_ENTRIES);

  /** Bits of an entry that hold the slot: as few as can name every place. */
  private int bits = bitsFor(LEAST_ENTRIES);

  private int size;

  IdIndex(ItemTable table) {
    this.table = table;
  }

  int find(long id) {
    long mixed = mixed(id);
    int mask = slotMask();
    int at = home(mixed);
    int rest = rest(mixed);
    int entry = entries[at];
    while (entry != EMPTY) {
      int slot = entry & mask;
      if (entry >>> (bits + DISTANCE_BITS) == rest && table.idOf(slot) == id) {
        return slot;
      }
      at = after(at);
      entry = entries[at];
    }
    return NO_SLOT;
  }

  /** The id must not be there; the table must hold the item in the slot already. */
  void add(long id, int slot) {
    if (size >= entries.length / 4 * 3) {
      grow(slot);
    }
    size++;
    place(mixed(id), slot);
  }

  /** The id must stand in this slot, and the table must still hold the item. */
  void remove(long id, int slot) {
    int mask = slotMask();
    int hole = home(mixed(id));
    while ((entries[hole] & mask) != slot || entries[hole] == EMPTY) {
      hole = after(hole);
    }
    size--;
    int next = after(hole);
    int entry = entries[next];
    while (entry != EMPTY) {
      int distance = distance(entry, next);
      int gap = places(hole, next);
      // an entry moves back only if its home does not lie between the hole and itself
      if (distance >= gap) {
        entries[hole] = standing(entry, distance - gap);
        hole = next;
      }
      next = after(next);
      entry = entries[next];
    }
    entries[hole] = EMPTY;
  }

  void clear() {
    entries = emptied(LEAST_ENTRIES);
    bits = bitsFor(LEAST_ENTRIES);
    size = 0;
  }

  private void place(long mixed, int slot) {
    int home = home(mixed);
    int at = home;
    while (entries[at] != EMPTY) {
      at = after(at);
    }
    int entry = (rest(mixed) << (bits + DISTANCE_BITS)) | slot;
    entries[at] = standing(entry, places(home, at));
  }

  /** How far an entry stands from its home; far ones are asked for their id. */
  private int distance(int entry, int at) {
    int distance = (entry >>> bits) & FAR;
    return distance < FAR ? distance : places(home(mixed(table.idOf(entry & slotMask()))), at);
  }

  private int standing(int entry, int distance) {
    return (entry & ~(FAR << bits)) | (Math.min(FAR, distance) << bits);
  }

  /** Places every item of the table anew but one, in the order of the slots. */
  private void grow(int except) {
    int capacity = Math.min(MOST_ENTRIES, entries.length + entries.length / 2);
    bits = bitsFor(capacity);
    entries = emptied(capacity);
    for (int slot = 0; slot < table.usedSlots(); slot++) {
      if (slot != except && table.holds(slot)) {
        place(mixed(table.idOf(slot)), slot);
      }
    }
  }

  private static long mixed(long id) {
    return id * 0x9E3779B97F4A7C15L;
  }

  /** The greater half of the hash, as a share of all places. */
  private int home(long mixed) {
    return (int) (((mixed >>> Integer.SIZE) * entries.length) >>> Integer.SIZE);
  }

  /** As much of the other half of the hash as there is room for. */
  private int rest(long mixed) {
    return (int) mixed >>> (bits + DISTANCE_BITS);
  }

  private int after(int at) {
    return at + 1 == entries.length ? 0 : at + 1;
  }

  /** How many places on from one another is. */
  private int places(int from, int to) {
    return to - from + (to < from ? entries.length : 0);
  }

  private int slotMask() {
    return (1 << bits) - 1;
  }

  private static int bitsFor(int capacity) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1);
  }

  private static int[] emptied(int capacity) {
    int[] entries = new int[capacity];
    Arrays.fill(entries, EMPTY);
    return entries;
  }
}
