package dev.stowage.propagation;

import java.util.Arrays;

/**
 * From a node's number to its position: open addressing with linear probing, at most half full, so
 * that a look-up touches a line or two of memory.
 */
final class NodeIndex {
  static final int NONE = -1;

  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[16];
  private int[] positions = new int[16];
  private int size;

  NodeIndex() {
    Arrays.fill(positions, NONE);
  }

  int find(long key) {
    int mask = keys.length - 1;
    int at = home(key, mask);
    while (positions[at] != NONE) {
      if (keys[at] == key) {
        return positions[at];
      }
      at = (at + 1) & mask;
    }
    return NONE;
  }

  /** Adds a key that is not there, or moves one that is. */
  void put(long key, int position) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int mask = keys.length - 1;
    int at = home(key, mask);
    while (positions[at] != NONE && keys[at] != key) {
      at = (at + 1) & mask;
    }
    size += positions[at] == NONE ? 1 : 0;
    keys[at] = key;
    positions[at] = position;
  }

  /** Takes a key out and closes the gap, so that no marks of what is gone remain. */
  void remove(long key) {
    int mask = keys.length - 1;
    int hole = home(key, mask);
    while (positions[hole] != NONE && keys[hole] != key) {
      hole = (hole + 1) & mask;
    }
    if (positions[hole] == NONE) {
      return;
    }
    size--;
    for (int next = (hole + 1) & mask; positions[next] != NONE; next = (next + 1) & mask) {
      int distance = (next - home(keys[next], mask)) & mask;
      if (distance >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        positions[hole] = positions[next];
        hole = next;
      }
    }
    positions[hole] = NONE;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldPositions = positions;
    keys = new long[oldKeys.length * 2];
    positions = new int[oldKeys.length * 2];
    Arrays.fill(positions, NONE);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldPositions[i] != NONE) {
        put(oldKeys[i], oldPositions[i]);
      }
    }
  }

  private static int home(long key, int mask) {
    long mixed = key * SPREAD;
    return (int) (mixed ^ (mixed >>> 32)) & mask;
  }
}
