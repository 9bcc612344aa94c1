package dev.stowage.lifecycle;

import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/**
 * Finds positions by a 64-bit hash: open addressing over ints. The hash of a position is asked of
 * the owner when the index grows, so that no key is stored twice.
 */
final class PositionIndex {
  private static final int REMOVED = -1;

  private final IntToLongFunction hashOf;
  private int[] slots;
  private int used;
  private int size;

  PositionIndex(IntToLongFunction hashOf) {
    this(hashOf, 0);
  }

  /** An empty index that need not grow for this many positions. */
  PositionIndex(IntToLongFunction hashOf, int expected) {
    this(hashOf, new int[capacityFor(expected)], 0, 0);
  }

  private PositionIndex(IntToLongFunction hashOf, int[] slots, int used, int size) {
    this.hashOf = hashOf;
    this.slots = slots;
    this.used = used;
    this.size = size;
  }

  /** The position with this hash that {@code isSame}, or -1. */
  int find(long hash, IntPredicate isSame) {
    int mask = slots.length - 1;
    for (int at = start(hash, mask); slots[at] != 0; at = (at + 1) & mask) {
      if (slots[at] != REMOVED && isSame.test(slots[at] - 1)) {
        return slots[at] - 1;
      }
    }
    return -1;
  }

  /** Adds a position that is not in the index. */
  void add(int position) {
    if ((used + 1) * 4L > slots.length * 3L) {
      rehash();
    }
    place(position);
    size++;
  }

  void remove(int position) {
    int mask = slots.length - 1;
    int at = start(hashOf.applyAsLong(position), mask);
    while (slots[at] != position + 1) {
      if (slots[at] == 0) {
        return;
      }
      at = (at + 1) & mask;
    }
    slots[at] = REMOVED;
    size--;
  }

  PositionIndex copyFor(IntToLongFunction hash) {
    return new PositionIndex(hash, slots.clone(), used, size);
  }

  private void rehash() {
    int[] old = slots;
    slots = new int[capacityFor(size)];
    used = 0;
    for (int entry : old) {
      if (entry > 0) {
        place(entry - 1);
      }
    }
  }

  private void place(int position) {
    int mask = slots.length - 1;
    int at = start(hashOf.applyAsLong(position), mask);
    while (slots[at] > 0) {
      at = (at + 1) & mask;
    }
    if (slots[at] == 0) {
      used++;
    }
    slots[at] = position + 1;
  }

  private static int capacityFor(int size) {
    int capacity = 16;
    while (capacity < size * 2L + 2) {
      capacity *= 2;
    }
    return capacity;
  }

  private static int start(long hash, int mask) {
    return (int) (hash ^ (hash >>> 32)) & mask;
  }
}
