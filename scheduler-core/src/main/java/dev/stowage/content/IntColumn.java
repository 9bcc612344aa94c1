package dev.stowage.content;

import java.util.Arrays;

/** One int per slot, kept only once somebody writes one; unwritten ones read -1. */
final class IntColumn {
  private static final int[] NONE = {};

  private int[] values = NONE;

  int at(int slot) {
    return slot < values.length ? values[slot] : -1;
  }

  void put(int slot, int value) {
    if (slot >= values.length) {
      int before = values.length;
      values = Arrays.copyOf(values, Math.max(slot + 1, before + (before >> 1) + 16));
      Arrays.fill(values, before, values.length, -1);
    }
    values[slot] = value;
  }
}
