package dev.stowage.content;

import dev.stowage.model.InvariantViolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything known about an item, in columns; one slot per item. Slots are reused, so memory
 * follows the greatest number of items at a time. Columns that most hosts never need (merits beside
 * efficiency, tie-breaks) exist once somebody does. What is read together lies together.
 */
final class ItemTable {
  static final byte FREE = 0;
  static final byte READY = 1;
  static final byte BACKOFF = 2;
  static final byte IN_FLIGHT = 3;
  static final byte CANCELLED = 4;
  static final int NONE = -1;

  private static final int LEAST_CAPACITY = 16;

  /** Up to this many slots the table grows by half, then by an eighth. */
  private static final int SMALL = 256;

  private static final int STATE_BITS = 8;
  private static final int AGE_SHIFT = 16;
  private static final long BYTE = 0xFF;

  private @Nullable ContentItem[] items = new ContentItem[LEAST_CAPACITY];
  private @Nullable Leaf[] leaves = new Leaf[LEAST_CAPACITY];

  /** Two per slot: generation, failures and state; since when. */
  private long[] stamps = new long[2 * LEAST_CAPACITY];

  /** Two per slot: previous and next. */
  private int[] links = new int[2 * LEAST_CAPACITY];

  /**
   * The place in its heap. By itself, because moving one item through a heap writes it for many
   * others.
   */
  private int[] places = new int[LEAST_CAPACITY];

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
      freeHead = next(slot);
    }
    items[slot] = item;
    stamps[2 * slot] = 0;
    keepRank(slot, item, merit, tie);
    index.add(item.id(), slot);
    return slot;
  }

  void release(int slot) {
    index.remove(idOf(slot), slot);
    items[slot] = null;
    leaves[slot] = null;
    state(slot, FREE);
    next(slot, freeHead);
    freeHead = slot;
  }

  void clear() {
    Arrays.fill(items, 0, used, null);
    Arrays.fill(leaves, 0, used, null);
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

  /** Whether there is an item in a slot. */
  boolean holds(int slot) {
    return items[slot] != null;
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

  /** Whether every item's merit is its efficiency. */
  boolean meritIsEfficiency() {
    return merits == null;
  }

  long tie(int slot) {
    return ties == null ? 0 : ties[slot];
  }

  long generation(int slot) {
    return stamps[2 * slot] >>> AGE_SHIFT;
  }

  /** Since when it waits; for one that failed, until when. */
  long since(int slot) {
    return stamps[2 * slot + 1];
  }

  /**
   * Stamps a slot; its state and failures stay.
   *
   * @param generation below 2^48, which is nine years of a million items a second
   */
  void stamp(int slot, long generation, long sinceNanos) {
    long kept = stamps[2 * slot] & ((1L << AGE_SHIFT) - 1);
    stamps[2 * slot] = (generation << AGE_SHIFT) | kept;
    stamps[2 * slot + 1] = sinceNanos;
  }

  byte state(int slot) {
    return (byte) stamps[2 * slot];
  }

  void state(int slot, byte state) {
    stamps[2 * slot] = (stamps[2 * slot] & ~BYTE) | state;
  }

  int addFailure(int slot) {
    stamps[2 * slot] += 1L << STATE_BITS;
    return (int) (stamps[2 * slot] >>> STATE_BITS & BYTE);
  }

  int heapAt(int slot) {
    return places[slot];
  }

  void heapAt(int slot, int position) {
    places[slot] = position;
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
    return links[2 * slot];
  }

  void previous(int slot, int other) {
    links[2 * slot] = other;
  }

  int next(int slot) {
    return links[2 * slot + 1];
  }

  void next(int slot, int other) {
    links[2 * slot + 1] = other;
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
    int capacity = items.length + (items.length < SMALL ? items.length >> 1 : items.length >> 3);
    items = Arrays.copyOf(items, capacity);
    leaves = Arrays.copyOf(leaves, capacity);
    stamps = Arrays.copyOf(stamps, 2 * capacity);
    links = Arrays.copyOf(links, 2 * capacity);
    places = Arrays.copyOf(places, capacity);
    merits = merits == null ? null : Arrays.copyOf(merits, capacity);
    ties = ties == null ? null : Arrays.copyOf(ties, capacity);
  }
}
