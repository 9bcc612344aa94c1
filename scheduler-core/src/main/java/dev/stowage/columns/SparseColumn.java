package dev.stowage.columns;

import java.util.Arrays;

/**
 * One int per slot, kept only once somebody writes one; those never written read -1. It grows by
 * itself and may be asked about any slot, where an {@link IntColumn} has the length it was given
 * and packs what is in it.
 */
public final class SparseColumn {
  private static final int[] NONE = {};

  private int[] values = NONE;

  /** A column in which nothing is written. */
  public SparseColumn() {}

  /** What was written last for a slot; -1 if nothing was. */
  public int at(int slot) {
    return slot < values.length ? values[slot] : -1;
  }

  /** Writes the value of a slot. */
  public void put(int slot, int value) {
    if (slot >= values.length) {
      int before = values.length;
      values = Arrays.copyOf(values, Growth.capacity(before + (before >> 1) + 16L, slot + 1L));
      Arrays.fill(values, before, values.length, -1);
    }
    values[slot] = value;
  }
}
