package dev.stowage.lifecycle;

import java.util.TreeSet;

/**
 * Positions that may be given again, the lowest first, so that every mirror gives the same ones.
 */
final class FreeList {
  private final TreeSet<Integer> positions = new TreeSet<>();

  boolean isEmpty() {
    return positions.isEmpty();
  }

  int peek() {
    return positions.first();
  }

  void add(int position) {
    positions.add(position);
  }

  /** Takes this position out, if it is there. */
  void take(int position) {
    positions.remove(position);
  }

  void addAll(FreeList other) {
    positions.addAll(other.positions);
  }
}
