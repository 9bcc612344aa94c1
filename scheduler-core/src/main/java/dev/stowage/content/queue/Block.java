package dev.stowage.content.queue;

import java.util.Arrays;

/** A run of {@link RankOrder#entry} values, worst first, so that removing the best moves none. */
class Block {
  private static final long[] NONE = {};

  long[] entries;
  int used;

  Block(int capacity) {
    this.entries = new long[capacity];
  }

  final boolean isFull() {
    return used == entries.length;
  }

  final int capacity() {
    return entries.length;
  }

  final void grow(int capacity) {
    entries = Arrays.copyOf(entries, capacity);
  }

  final void giveBack() {
    entries = NONE;
    used = 0;
  }

  final int worst() {
    return (int) entries[0];
  }

  final int behind(int half) {
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (RankOrder.half(entries[middle]) < half) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  final void insert(int position, long entry) {
    int behind = used++ - position;
    if (behind > 0) {
      System.arraycopy(entries, position, entries, position + 1, behind);
    }
    entries[position] = entry;
  }

  final void removeAt(int position) {
    int behind = --used - position;
    if (behind > 0) {
      System.arraycopy(entries, position + 1, entries, position, behind);
    }
  }

  final void moveWorstTo(Block worse, int count) {
    System.arraycopy(entries, 0, worse.entries, worse.used, count);
    worse.used += count;
    used -= count;
    System.arraycopy(entries, count, entries, 0, used);
  }

  final void moveBestTo(Block better, int count) {
    System.arraycopy(better.entries, 0, better.entries, count, better.used);
    used -= count;
    System.arraycopy(entries, used, better.entries, 0, count);
    better.used += count;
  }
}
