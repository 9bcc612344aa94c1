package dev.stowage.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Leaves by their best items, best first; every leaf is in one heap of its class and one of its
 * flow. The key of each leaf's best item stands beside the leaf, so that few leaves are looked at.
 */
final class LeafHeap {
  private final boolean ofClass;
  private final RankOrder order;
  private @Nullable Leaf[] leaves = new Leaf[2];
  private long[] keys = new long[2];
  private int size;

  /** An empty heap, of a class or of a flow; each has a field of its own in the leaf. */
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

  /** The leaf at a position of the heap; children of position p are at 2p+1 and 2p+2. */
  Leaf leafAt(int position) {
    Leaf leaf = leaves[position];
    if (leaf == null) {
      throw new IllegalStateException("no leaf at " + position + " of " + size);
    }
    return leaf;
  }

  /** The key of the best item of the leaf at a position. */
  long keyAt(int position) {
    return keys[position];
  }

  void add(Leaf leaf) {
    if (size == leaves.length) {
      leaves = Arrays.copyOf(leaves, size * 2);
      keys = Arrays.copyOf(keys, size * 2);
    }
    up(size++, leaf.headKey(), leaf);
  }

  void remove(Leaf leaf) {
    int position = position(leaf);
    size--;
    Leaf last = leafAt(size);
    long key = keys[size];
    leaves[size] = null;
    if (position != size) {
      place(position, key, last);
    }
  }

  /** Puts a leaf whose best item changed in its place. */
  void changed(Leaf leaf) {
    if (size == 1) {
      keys[0] = leaf.headKey();
    } else {
      place(position(leaf), leaf.headKey(), leaf);
    }
  }

  /** Restores the heap after the order changed. */
  void reorder() {
    for (int i = 0; i < size; i++) {
      keys[i] = leafAt(i).headKey();
    }
    for (int i = (size >> 1) - 1; i >= 0; i--) {
      down(i, keys[i], leafAt(i));
    }
  }

  /** Whether one leaf's best item ranks before another's. */
  boolean before(Leaf a, Leaf b) {
    long key = a.headKey();
    long other = b.headKey();
    return key != other ? key > other : order.tiesBefore(a.head(), b.head());
  }

  private void place(int position, long key, Leaf leaf) {
    if (position > 0 && precedes(key, leaf, (position - 1) >> 1)) {
      up(position, key, leaf);
    } else {
      down(position, key, leaf);
    }
  }

  private void up(int from, long key, Leaf leaf) {
    int position = from;
    while (position > 0) {
      int parent = (position - 1) >> 1;
      if (!precedes(key, leaf, parent)) {
        break;
      }
      put(position, keys[parent], leafAt(parent));
      position = parent;
    }
    put(position, key, leaf);
  }

  private void down(int from, long key, Leaf leaf) {
    int position = from;
    int child = 2 * position + 1;
    while (child < size) {
      if (child + 1 < size && precedes(keys[child + 1], leafAt(child + 1), child)) {
        child++;
      }
      if (!precedes(keys[child], leafAt(child), key, leaf)) {
        break;
      }
      put(position, keys[child], leafAt(child));
      position = child;
      child = 2 * position + 1;
    }
    put(position, key, leaf);
  }

  private boolean precedes(long key, Leaf leaf, int position) {
    long other = keys[position];
    return key != other ? key > other : order.tiesBefore(leaf.head(), leafAt(position).head());
  }

  private boolean precedes(long key, Leaf leaf, long otherKey, Leaf other) {
    return key != otherKey ? key > otherKey : order.tiesBefore(leaf.head(), other.head());
  }

  private int position(Leaf leaf) {
    return ofClass ? leaf.classAt : leaf.flowAt;
  }

  private void put(int position, long key, Leaf leaf) {
    leaves[position] = leaf;
    keys[position] = key;
    if (ofClass) {
      leaf.classAt = position;
    } else {
      leaf.flowAt = position;
    }
  }
}
