package dev.stowage.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Leaves by their best items, best first; every leaf is in one heap of its class and one of its
 * flow.
 */
final class LeafHeap {
  private final boolean ofClass;
  private @Nullable Leaf[] leaves = new Leaf[2];
  private int size;

  /** An empty heap, of a class or of a flow; each has a field of its own in the leaf. */
  LeafHeap(boolean ofClass) {
    this.ofClass = ofClass;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  Leaf first() {
    return leafAt(0);
  }

  /** The leaf at a position of the heap; children of position p are at 2p+1 and 2p+2. */
  Leaf leafAt(int position) {
    Leaf leaf = leaves[position];
    if (leaf == null) {
      throw new IllegalStateException("no leaf at " + position + " of " + size);
    }
    return leaf;
  }

  void add(Leaf leaf) {
    if (size == leaves.length) {
      leaves = Arrays.copyOf(leaves, size * 2);
    }
    up(size++, leaf);
  }

  void remove(Leaf leaf) {
    int position = position(leaf);
    Leaf last = leafAt(--size);
    leaves[size] = null;
    if (position != size) {
      place(position, last);
    }
  }

  /** Puts a leaf whose best item changed in its place. */
  void changed(Leaf leaf) {
    if (size > 1) {
      place(position(leaf), leaf);
    }
  }

  /** Restores the heap after the order changed. */
  void reorder() {
    for (int i = (size >> 1) - 1; i >= 0; i--) {
      down(i, leafAt(i));
    }
  }

  private void place(int position, Leaf leaf) {
    if (position > 0 && leaf.before(leafAt((position - 1) >> 1))) {
      up(position, leaf);
    } else {
      down(position, leaf);
    }
  }

  private void up(int from, Leaf leaf) {
    int position = from;
    while (position > 0) {
      Leaf parent = leafAt((position - 1) >> 1);
      if (!leaf.before(parent)) {
        break;
      }
      put(position, parent);
      position = (position - 1) >> 1;
    }
    put(position, leaf);
  }

  private void down(int from, Leaf leaf) {
    int position = from;
    int child = 2 * position + 1;
    while (child < size) {
      if (child + 1 < size && leafAt(child + 1).before(leafAt(child))) {
        child++;
      }
      Leaf below = leafAt(child);
      if (!below.before(leaf)) {
        break;
      }
      put(position, below);
      position = child;
      child = 2 * position + 1;
    }
    put(position, leaf);
  }

  private int position(Leaf leaf) {
    return ofClass ? leaf.classAt : leaf.flowAt;
  }

  private void put(int position, Leaf leaf) {
    leaves[position] = leaf;
    if (ofClass) {
      leaf.classAt = position;
    } else {
      leaf.flowAt = position;
    }
  }
}
