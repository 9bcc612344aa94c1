package dev.stowage.placement;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private static final int MOST_KEPT = 1 << 16;

  int[] items = new int[16];
  int size;

  IntList() {}

  /** A list with room for just so many. */
  IntList(int room) {
    items = new int[room];
  }

  /** Makes room for just so many more. */
  void expect(int more) {
    if (size + more > items.length) {
      items = Arrays.copyOf(items, size + more);
    }
  }

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Math.max(16, size * 2));
    }
    items[size++] = item;
  }

  int get(int index) {
    return items[index];
  }

  /** Empties it; room for very many is given back. */
  void reuse() {
    size = 0;
    if (items.length > MOST_KEPT) {
      items = new int[0];
    }
  }

  void clear() {
    items = new int[0];
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
