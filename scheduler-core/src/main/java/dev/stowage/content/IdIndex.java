package dev.stowage.content;

import java.util.Arrays;

/**
 * From an item's id to its slot: open addressing with linear probing, at most three quarters full;
 * removal closes the gap, so there are no tombstones. Beside the slot an entry keeps half of the
 * id's hash, so that items are looked at only where that half agrees.
 */
final class IdIndex {
  static final int NO_SLOT = -1;
  private static final int LEAST_CAPACITY = 16;
  private static final long EMPTY = -1;

  private final ItemTable table;

  /** The upper half of the id's hash, and the slot; slots are never negative. */
  private long[] entries = emptied(LEAST_CAPACITY);

  private int mask = LEAST_CAPACITY - 1;
  private int size;

  IdIndex(ItemTable table) {
    this.table = table;
  }

  int find(long id) {
    int hash = hash(id);
    int at = hash & mask;
    long entry = entries[at];
    while (entry != EMPTY) {
      if (hashOf(entry) == hash && table.idOf((int) entry) == id) {
        return (int) entry;
      }
      at = (at + 1) & mask;
      entry = entries[at];
    }
    return NO_SLOT;
  }

  /** The id must not be there. */
  void add(long id, int slot) {
    if (size >= entries.length - (entries.length >> 2)) {
      grow();
    }
    size++;
    place((long) hash(id) << Integer.SIZE | slot);
  }

  /** The id must stand in this slot. */
  void remove(long id, int slot) {
    long wanted = (long) hash(id) << Integer.SIZE | slot;
    int hole = hash(id) & mask;
    while (entries[hole] != wanted) {
      hole = (hole + 1) & mask;
    }
    size--;
    int next = (hole + 1) & mask;
    while (entries[next] != EMPTY) {
      int home = hashOf(entries[next]) & mask;
      // an entry moves back only if its home does not lie between the hole and itself
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        entries[hole] = entries[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    entries[hole] = EMPTY;
  }

  void clear() {
    entries = emptied(LEAST_CAPACITY);
    mask = LEAST_CAPACITY - 1;
    size = 0;
  }

  private void place(long entry) {
    int at = hashOf(entry) & mask;
    while (entries[at] != EMPTY) {
      at = (at + 1) & mask;
    }
    entries[at] = entry;
  }

  private void grow() {
    long[] before = entries;
    entries = emptied(before.length * 2);
    mask = entries.length - 1;
    for (long entry : before) {
      if (entry != EMPTY) {
        place(entry);
      }
    }
  }

  private static int hash(long id) {
    return (int) ((id * 0x9E3779B97F4A7C15L) >>> Integer.SIZE);
  }

  private static int hashOf(long entry) {
    return (int) (entry >>> Integer.SIZE);
  }

  private static long[] emptied(int capacity) {
    long[] entries = new long[capacity];
    Arrays.fill(entries, EMPTY);
    return entries;
  }
}
