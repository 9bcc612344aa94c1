package dev.stowage.columns;

import java.util.Arrays;

/** A growing list of longs. */
public final class LongList {
  private static final int LEAST_ROOM = 4;
  private static final int MOST_KEPT = 1 << 12;

  private long[] items = new long[LEAST_ROOM];
  private int size;

  public LongList() {}

  public int size() {
    return size;
  }

  /** Returns the item at an index, which must be below the size. */
  public long get(int index) {
    return items[index];
  }

  public void add(long item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, ArrayGrowth.capacity(size * 2L, size + 1L));
    }
    items[size++] = item;
  }

  /** Empties the list and releases an array of more than {@code MOST_KEPT} items. */
  public void reuse() {
    size = 0;
    if (items.length > MOST_KEPT) {
      items = new long[LEAST_ROOM];
    }
  }

  public void sort() {
    Arrays.sort(items, 0, size);
  }

  public long[] sorted() {
    long[] sorted = Arrays.copyOf(items, size);
    Arrays.sort(sorted);
    return sorted;
  }

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
