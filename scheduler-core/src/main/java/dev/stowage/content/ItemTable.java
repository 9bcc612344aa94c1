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
  private static final int ROW = 4;
  private static final int SINCE = 1;
  private static final int LINKS = 2;
  private static final int PLACE = 3;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final int FAILURES_SHIFT = 8;
  private static final long BYTE = 0xFF;

  private @Nullable ContentItem[] items = new ContentItem[LEAST_CAPACITY];
  private @Nullable Leaf[] leaves = new Leaf[LEAST_CAPACITY];

  /** Per slot: generation; since when; previous and next; place in its heap, failures, state. */
  private long[] rows = new long[LEAST_CAPACITY * ROW];

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
    rows[slot * ROW + PLACE] = 0;
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
    Arrays.fill(rows, 0, used * ROW, 0);
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

  /** Whether every item's merit is its efficiency. */
  boolean meritIsEfficiency() {
    return merits == null;
  }

  long tie(int slot) {
    return ties == null ? 0 : ties[slot];
  }

  long generation(int slot) {
    return rows[slot * ROW];
  }

  /** Since when it waits; for one that failed, until when. */
  long since(int slot) {
    return rows[slot * ROW + SINCE];
  }

  void stamp(int slot, long generation, long sinceNanos) {
    rows[slot * ROW] = generation;
    rows[slot * ROW + SINCE] = sinceNanos;
  }

  byte state(int slot) {
    return (byte) rows[slot * ROW + PLACE];
  }

  void state(int slot, byte state) {
    int at = slot * ROW + PLACE;
    rows[at] = (rows[at] & ~BYTE) | state;
  }

  int addFailure(int slot) {
    int at = slot * ROW + PLACE;
    rows[at] += 1L << FAILURES_SHIFT;
    return (int) (rows[at] >>> FAILURES_SHIFT & BYTE);
  }

  int heapAt(int slot) {
    return (int) (rows[slot * ROW + PLACE] >>> Integer.SIZE);
  }

  void heapAt(int slot, int position) {
    int at = slot * ROW + PLACE;
    rows[at] = (rows[at] & LOW) | ((long) position << Integer.SIZE);
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
    return (int) (rows[slot * ROW + LINKS] >>> Integer.SIZE);
  }

  void previous(int slot, int other) {
    int at = slot * ROW + LINKS;
    rows[at] = (rows[at] & LOW) | ((long) other << Integer.SIZE);
  }

  int next(int slot) {
    return (int) rows[slot * ROW + LINKS];
  }

  void next(int slot, int other) {
    int at = slot * ROW + LINKS;
    rows[at] = (rows[at] & ~LOW) | (other & LOW);
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
    rows = Arrays.copyOf(rows, Math.multiplyExact(capacity, ROW));
    merits = merits == null ? null : Arrays.copyOf(merits, capacity);
    ties = ties == null ? null : Arrays.copyOf(ties, capacity);
  }
}
