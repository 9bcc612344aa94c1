package dev.stowage.columns;

import java.util.Arrays;

/** A growing list of ints, which may also serve as a stack. */
public final class IntList {
  private static final int LEAST_ROOM = 16;
  private static final int MOST_KEPT = 1 << 16;

  private int[] items;
  private int size;

  /** An empty list with a little room. */
  public IntList() {
    this(LEAST_ROOM);
  }

  /** An empty list with room for just so many. */
  public IntList(int room) {
    items = new int[room];
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The item at an index, which must be below the size. */
  public int get(int index) {
    return items[index];
  }

  /** Replaces the item at an index, which must be below the size. */
  public void set(int index, int item) {
    items[index] = item;
  }

  /** Appends an item. */
  public void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Growth.capacity(Math.max(LEAST_ROOM, size * 2L), size + 1L));
    }
    items[size++] = item;
  }

  /** Takes the last item off; there must be one. */
  public int removeLast() {
    return items[--size];
  }

  /** Forgets all items from an index on. */
  public void truncate(int length) {
    size = length;
  }

  /** Makes room for just so many more. */
  public void expect(int more) {
    long needed = (long) size + more;
    if (needed > items.length) {
      items = Arrays.copyOf(items, Growth.capacity(needed, needed));
    }
  }

  /** Empties it; room for very many is given back. */
  public void reuse() {
    size = 0;
    if (items.length > MOST_KEPT) {
      items = new int[0];
    }
  }

  /** Empties it and gives all room back. */
  public void clear() {
    items = new int[0];
    size = 0;
  }

  /** The items, as an array of their own. */
  public int[] toArray() {
    return Arrays.copyOf(items, size);
  }

  /**
   * The items where they stand: an array that may be longer than the list. What is written there is
   * written to the list, until the list grows.
   */
  public int[] array() {
    return items;
  }
}
