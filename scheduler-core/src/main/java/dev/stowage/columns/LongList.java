package dev.stowage.columns;

import java.util.Arrays;

/** A growing list of longs. */
public final class LongList {
  private static final int LEAST_ROOM = 4;
  private static final int MOST_KEPT = 1 << 12;

  private long[] items = new long[LEAST_ROOM];
  private int size;

  /** An empty list with a little room. */
  public LongList() {}

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The item at an index, which must be below the size. */
  public long get(int index) {
    return items[index];
  }

  /** Appends an item. */
  public void add(long item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Growth.capacity(size * 2L, size + 1L));
    }
    items[size++] = item;
  }

  /** Empties it; room for very many is given back. */
  public void reuse() {
    size = 0;
    if (items.length > MOST_KEPT) {
      items = new long[LEAST_ROOM];
    }
  }

  /** Sorts the list, least first. */
  public void sort() {
    Arrays.sort(items, 0, size);
  }

  /** The items in an array of their own, least first; equal ones as often as they were added. */
  public long[] sorted() {
    long[] sorted = Arrays.copyOf(items, size);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The items in an array of their own, least first; of equal ones only one. */
  public long[] sortedDistinct() {
    long[] sorted = sorted();
    int kept = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[kept++] = sorted[i];
      }
    }
    return kept == sorted.length ? sorted : Arrays.copyOf(sorted, kept);
  }
}
