package dev.stowage.content.queue;

import java.util.Arrays;

/**
 * A run of a leaf's entries in rank, the worst first, so that the best is taken off the end without
 * moving any other. An entry is what {@link RankOrder#entry} makes of a slot: the greater half of
 * its rank key, and the slot.
 */
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

  /** Forgets every entry and their memory. */
  final void giveBack() {
    entries = NONE;
    used = 0;
  }

  /** The slot of the worst entry. */
  final int worst() {
    return (int) entries[0];
  }

  /** Returns how many entries have a lesser half of a key. */
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

  /** Puts an entry before the one at a position; there must be room. */
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

  /** Moves this block's worst entries behind the best of another; there must be room. */
  final void moveWorstTo(Block worse, int count) {
    System.arraycopy(entries, 0, worse.entries, worse.used, count);
    worse.used += count;
    used -= count;
    System.arraycopy(entries, count, entries, 0, used);
  }

  /** Moves this block's best entries before the worst of another; there must be room. */
  final void moveBestTo(Block better, int count) {
    System.arraycopy(better.entries, 0, better.entries, count, better.used);
    used -= count;
    System.arraycopy(entries, used, better.entries, 0, count);
    better.used += count;
  }
}
