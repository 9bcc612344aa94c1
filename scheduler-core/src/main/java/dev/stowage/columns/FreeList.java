package dev.stowage.columns;

import java.util.BitSet;

/**
 * Positions that may be given again, the lowest first, so that every mirror gives the same ones. A
 * load adds and takes as many as there are rows, in any order.
 */
public final class FreeList {
  private final BitSet positions = new BitSet();

  /** None is lower. */
  private int lowest;

  /** An empty list. */
  public FreeList() {}

  /** Whether there is no position. */
  public boolean isEmpty() {
    return positions.isEmpty();
  }

  /** The lowest; there must be one. */
  public int peek() {
    int first = positions.nextSetBit(lowest);
    lowest = Math.max(first, 0);
    return first;
  }

  /** Adds a position, if it is not there. */
  public void add(int position) {
    positions.set(position);
    lowest = Math.min(lowest, position);
  }

  /** Takes this position out, if it is there. */
  public void take(int position) {
    positions.clear(position);
  }

  /** Adds all positions of another list. */
  public void addAll(FreeList other) {
    positions.or(other.positions);
    lowest = Math.min(lowest, other.lowest);
  }
}
