package dev.stowage.columns;

import java.util.BitSet;

/** Free positions, lowest first, so that every mirror reuses the same positions. */
public final class FreeList {
  private final BitSet positions = new BitSet();

  /** A lower bound of the free positions. */
  private int lowest;

  public FreeList() {}

  public boolean isEmpty() {
    return positions.isEmpty();
  }

  /** Returns the lowest position; the list must not be empty. */
  public int peek() {
    int first = positions.nextSetBit(lowest);
    lowest = Math.max(first, 0);
    return first;
  }

  /** Adds a position, which may already be present. */
  public void add(int position) {
    positions.set(position);
    lowest = Math.min(lowest, position);
  }

  /** Removes a position, which may be absent. */
  public void take(int position) {
    positions.clear(position);
  }
}
