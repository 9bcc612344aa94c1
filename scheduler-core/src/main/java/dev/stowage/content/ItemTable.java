package dev.stowage.content;

import dev.stowage.model.InvariantViolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything known about an item, one column per fact, one row (slot) per item. Slots are reused,
 * so memory follows the greatest number of items at a time. Columns that most hosts never need
 * (merits beside efficiency, tie-breaks) exist once somebody does.
 */
final class ItemTable {
  static final byte FREE = 0;
  static final byte READY = 1;
  static final byte BACKOFF = 2;
  static final byte IN_FLIGHT = 3;
  static final byte CANCELLED = 4;
  static final int NONE = -1;

  private static final int LEAST_CAPACITY = 16;

  private @Nullable ContentItem[] items = new ContentItem[LEAST_CAPACITY];
  private @Nullable Leaf[] leaves = new Leaf[LEAST_CAPACITY];
  private long[] generations = new long[LEAST_CAPACITY];
  private long[] since = new long[LEAST_CAPACITY];
  private int[] previous = new int[LEAST_CAPACITY];
  private int[] next = new int[LEAST_CAPACITY];
  private int[] heapAt = new int[LEAST_CAPACITY];
  private byte[] states = new byte[LEAST_CAPACITY];
  private byte[] failures = new byte[LEAST_CAPACITY];
  private double @Nullable [] merits;
  private long @Nullable [] ties;
  private int used;
  private int freeHead = NONE;
  private final IdIndex index = new IdIndex(this);

  /** A slot for an item, indexed by its id; the id must not be there. */
  int claim(ContentItem item, double merit, long tie) {
    int slot = freeHead;
    if (slot == NONE) {
      slot = used++;
      if (slot == items.length) {
        grow();
      }
    } else {
      freeHead = next[slot];
    }
    items[slot] = item;
    failures[slot] = 0;
    keepRank(slot, item, merit, tie);
    index.add(item.id(), slot);
    return slot;
  }

  void release(int slot) {
    index.remove(idOf(slot));
    items[slot] = null;
    leaves[slot] = null;
    states[slot] = FREE;
    next[slot] = freeHead;
    freeHead = slot;
  }

  void clear() {
    Arrays.fill(items, 0, used, null);
    Arrays.fill(leaves, 0, used, null);
    Arrays.fill(states, 0, used, FREE);
    used = 0;
    freeHead = NONE;
    index.clear();
  }

  int find(long id) {
    return index.find(id);
  }

  /** Slots that were ever used; walking them visits every item, and free ones. */
  int usedSlots() {
    return used;
  }

  ContentItem item(int slot) {
    ContentItem item = items[slot];
    if (item == null) {
      throw new InvariantViolation("content.slot", "slot " + slot + " is empty");
    }
    return item;
  }

  long idOf(int slot) {
    return item(slot).id();
  }

  double merit(int slot) {
    return merits == null ? item(slot).efficiency() : merits[slot];
  }

  long tie(int slot) {
    return ties == null ? 0 : ties[slot];
  }

  long generation(int slot) {
    return generations[slot];
  }

  /** Since when it waits; for one that failed, until when. */
  long since(int slot) {
    return since[slot];
  }

  void stamp(int slot, long generation, long sinceNanos) {
    generations[slot] = generation;
    since[slot] = sinceNanos;
  }

  byte state(int slot) {
    return states[slot];
  }

  void state(int slot, byte state) {
    states[slot] = state;
  }

  int failures(int slot) {
    return failures[slot];
  }

  int addFailure(int slot) {
    return ++failures[slot];
  }

  int heapAt(int slot) {
    return heapAt[slot];
  }

  void heapAt(int slot, int position) {
    heapAt[slot] = position;
  }

  Leaf leaf(int slot) {
    Leaf leaf = leaves[slot];
    if (leaf == null) {
      throw new InvariantViolation("content.leaf", "slot " + slot + " has none");
    }
    return leaf;
  }

  void leaf(int slot, @Nullable Leaf leaf) {
    leaves[slot] = leaf;
  }

  int previous(int slot) {
    return previous[slot];
  }

  void previous(int slot, int other) {
    previous[slot] = other;
  }

  int next(int slot) {
    return next[slot];
  }

  void next(int slot, int other) {
    next[slot] = other;
  }

  private void keepRank(int slot, ContentItem item, double merit, long tie) {
    if (merits == null && merit != item.efficiency()) {
      merits = new double[items.length];
      for (int i = 0; i < used; i++) {
        ContentItem other = items[i];
        merits[i] = other == null ? 0 : other.efficiency();
      }
    }
    if (merits != null) {
      merits[slot] = merit;
    }
    if (ties == null && tie != 0) {
      ties = new long[items.length];
    }
    if (ties != null) {
      ties[slot] = tie;
    }
  }

  private void grow() {
    int capacity = Math.addExact(items.length, Math.max(16, items.length >> 1));
    items = Arrays.copyOf(items, capacity);
    leaves = Arrays.copyOf(leaves, capacity);
    generations = Arrays.copyOf(generations, capacity);
    since = Arrays.copyOf(since, capacity);
    previous = Arrays.copyOf(previous, capacity);
    next = Arrays.copyOf(next, capacity);
    heapAt = Arrays.copyOf(heapAt, capacity);
    states = Arrays.copyOf(states, capacity);
    failures = Arrays.copyOf(failures, capacity);
    merits = merits == null ? null : Arrays.copyOf(merits, capacity);
    ties = ties == null ? null : Arrays.copyOf(ties, capacity);
  }
}
