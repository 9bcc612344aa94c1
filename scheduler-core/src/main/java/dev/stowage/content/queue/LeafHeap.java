package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A heap of leaves by their best items, with key halves beside the leaves for fast comparisons. */
final class LeafHeap {
  private static final @Nullable Leaf[] NONE = {};

  private final boolean ofClass;
  private final RankOrder order;
  private @Nullable Leaf[] leaves = NONE;
  private int[] halves = {};
  private int size;

  LeafHeap(RankOrder order, boolean ofClass) {
    this.order = order;
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

  Leaf leafAt(int position) {
    Leaf leaf = leaves[position];
    if (leaf == null) {
      throw new IllegalStateException("no leaf at " + position + " of " + size);
    }
    return leaf;
  }

  void add(Leaf leaf) {
    if (size == leaves.length) {
      int capacity = Growth.capacity(size + Math.max(2L, size >> 1), size + 1L);
      leaves = Arrays.copyOf(leaves, capacity);
      halves = Arrays.copyOf(halves, capacity);
    }
    up(size++, leaf.headHalf(), leaf);
  }

  void remove(Leaf leaf) {
    int position = position(leaf);
    size--;
    Leaf last = leafAt(size);
    int half = halves[size];
    leaves[size] = null;
    if (position != size) {
      place(position, half, last);
    }
  }

  void changed(Leaf leaf) {
    if (size == 1) {
      halves[0] = leaf.headHalf();
    } else {
      place(position(leaf), leaf.headHalf(), leaf);
    }
  }

  void reorder() {
    for (int i = 0; i < size; i++) {
      halves[i] = leafAt(i).headHalf();
    }
    for (int i = (size >> 1) - 1; i >= 0; i--) {
      down(i, halves[i], leafAt(i));
    }
  }

  private void place(int position, int half, Leaf leaf) {
    if (position > 0 && precedes(half, leaf, (position - 1) >> 1)) {
      up(position, half, leaf);
    } else {
      down(position, half, leaf);
    }
  }

  private void up(int from, int half, Leaf leaf) {
    int position = from;
    while (position > 0) {
      int parent = (position - 1) >> 1;
      if (!precedes(half, leaf, parent)) {
        break;
      }
      put(position, halves[parent], leafAt(parent));
      position = parent;
    }
    put(position, half, leaf);
  }

  private void down(int from, int half, Leaf leaf) {
    int position = from;
    int child = 2 * position + 1;
    while (child < size) {
      if (child + 1 < size && precedes(halves[child + 1], leafAt(child + 1), child)) {
        child++;
      }
      if (!precedes(halves[child], leafAt(child), half, leaf)) {
        break;
      }
      put(position, halves[child], leafAt(child));
      position = child;
      child = 2 * position + 1;
    }
    put(position, half, leaf);
  }

  private boolean precedes(int half, Leaf leaf, int position) {
    int other = halves[position];
    return half != other ? half > other : order.halfTiesBefore(leaf.head(), headAt(position));
  }

  private int headAt(int position) {
    return leafAt(position).head();
  }

  private boolean precedes(int half, Leaf leaf, int otherHalf, Leaf other) {
    return half != otherHalf ? half > otherHalf : order.halfTiesBefore(leaf.head(), other.head());
  }

  private int position(Leaf leaf) {
    return ofClass ? leaf.classAt : leaf.flowAt();
  }

  private void put(int position, int half, Leaf leaf) {
    leaves[position] = leaf;
    halves[position] = half;
    if (ofClass) {
      leaf.classAt = position;
    } else {
      leaf.flowAt(position);
    }
  }
}
