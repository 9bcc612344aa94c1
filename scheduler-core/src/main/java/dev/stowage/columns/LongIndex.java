package dev.stowage.columns;

import java.util.Arrays;

/** A hash map from long to int, at most half full; a look-up touches one or two cache lines. */
public final class LongIndex {
  public static final int NONE = -1;

  private long[] keys = new long[16];
  private int[] positions = new int[16];
  private int size;

  public LongIndex() {
    Arrays.fill(positions, NONE);
  }

  public int find(long key) {
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

  /** Adds a key or changes its position, which must be at least 0. */
  public void put(long key, int position) {
    if (size >= keys.length / 2) {
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

  private void grow() {
    long[] oldKeys = keys;
    int[] oldPositions = positions;
    int capacity = ArrayGrowth.table(oldKeys.length);
    keys = new long[capacity];
    positions = new int[capacity];
    Arrays.fill(positions, NONE);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldPositions[i] != NONE) {
        put(oldKeys[i], oldPositions[i]);
      }
    }
  }

  private static int home(long key, int mask) {
    long mixed = key * Mix.GOLDEN;
    return (int) (mixed ^ (mixed >>> 32)) & mask;
  }
}
