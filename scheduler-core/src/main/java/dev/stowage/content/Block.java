package dev.stowage.content;

import java.util.Arrays;

/**
 * A run of a leaf's entries in rank, the worst first, so that the best is taken off the end without
 * moving any other. The rank key of every item stands beside its slot.
 */
final class Block {
  long[] keys;
  int[] slots;
  int size;

  Block(int capacity) {
    this.keys = new long[capacity];
    this.slots = new int[capacity];
  }

  boolean isFull() {
    return size == slots.length;
  }

  int capacity() {
    return slots.length;
  }

  void grow(int capacity) {
    keys = Arrays.copyOf(keys, capacity);
    slots = Arrays.copyOf(slots, capacity);
  }

  /** Puts an entry before the one at a position; there must be room. */
  void insert(int position, long key, int slot) {
    int behind = size++ - position;
    if (behind > 0) {
      System.arraycopy(keys, position, keys, position + 1, behind);
      System.arraycopy(slots, position, slots, position + 1, behind);
    }
    keys[position] = key;
    slots[position] = slot;
  }

  void removeAt(int position) {
    int behind = --size - position;
    if (behind > 0) {
      System.arraycopy(keys, position + 1, keys, position, behind);
      System.arraycopy(slots, position + 1, slots, position, behind);
    }
  }

  /** Moves this block's worst entries behind the best of another; there must be room. */
  void moveWorstTo(Block worse, int count) {
    System.arraycopy(keys, 0, worse.keys, worse.size, count);
    System.arraycopy(slots, 0, worse.slots, worse.size, count);
    worse.size += count;
    size -= count;
    System.arraycopy(keys, count, keys, 0, size);
    System.arraycopy(slots, count, slots, 0, size);
  }

  /** Moves this block's best entries before the worst of another; there must be room. */
  void moveBestTo(Block better, int count) {
    System.arraycopy(better.keys, 0, better.keys, count, better.size);
    System.arraycopy(better.slots, 0, better.slots, count, better.size);
    size -= count;
    System.arraycopy(keys, size, better.keys, 0, count);
    System.arraycopy(slots, size, better.slots, 0, count);
    better.size += count;
  }
}
