package dev.stowage.columns;

import java.util.Arrays;

/** A growing list of ints, also usable as a stack. */
public final class IntList {
  private static final int LEAST_ROOM = 16;
  private static final int MOST_KEPT = 1 << 16;

  private int[] items;
  private int size;

  public IntList() {
    this(LEAST_ROOM);
  }

  public IntList(int room) {
    items = new int[room];
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Returns the item at an index, which must be below the size. */
  public int get(int index) {
    return items[index];
  }

  /** Replaces the item at an index, which must be below the size. */
  public void set(int index, int item) {
    items[index] = item;
  }

  public void add(int item) {
    if (size == items.length) {
      items =
          Arrays.copyOf(items, ArrayGrowth.capacity(Math.max(LEAST_ROOM, size * 2L), size + 1L));
    }
    items[size++] = item;
  }

  /** Removes and returns the last item; the list must not be empty. */
  public int removeLast() {
    return items[--size];
  }

  public void truncate(int length) {
    size = length;
  }

  public void expect(int more) {
    long needed = (long) size + more;
    if (needed > items.length) {
      items = Arrays.copyOf(items, ArrayGrowth.capacity(needed, needed));
    }
  }

  /** Empties the list and releases an array of more than {@code MOST_KEPT} items. */
  public void reuse() {
    size = 0;
    if (items.length > MOST_KEPT) {
      items = new int[0];
    }
  }

  public void clear() {
    items = new int[0];
    size = 0;
  }

  public int[] toArray() {
    return Arrays.copyOf(items, size);
  }

  /** Returns the backing array; it may be longer, and writes reach the list until it grows. */
  public int[] array() {
    return items;
  }
}
