package dev.stowage.placement;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  int[] items = new int[16];
  int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Math.max(16, size * 2));
    }
    items[size++] = item;
  }

  int get(int index) {
    return items[index];
  }

  void clear() {
    items = new int[0];
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
