package dev.stowage.placement;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  int[] items = new int[16];
  int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  int get(int index) {
    return items[index];
  }

  boolean isEmpty() {
    return size == 0;
  }
}
