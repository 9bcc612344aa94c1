package dev.stowage.columns;

import java.util.Arrays;

/** One int per slot, -1 until written. It grows by itself, unlike {@link IntColumn}. */
public final class SparseColumn {
  private static final int[] NONE = {};

  private int[] values = NONE;

  public SparseColumn() {}

  /** Returns the value of a slot; -1 if never written. */
  public int at(int slot) {
    return slot < values.length ? values[slot] : -1;
  }

  public void put(int slot, int value) {
    if (slot >= values.length) {
      int before = values.length;
      values = Arrays.copyOf(values, Growth.capacity(before + (before >> 1) + 16L, slot + 1L));
      Arrays.fill(values, before, values.length, -1);
    }
    values[slot] = value;
  }
}
