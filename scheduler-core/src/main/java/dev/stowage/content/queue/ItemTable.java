package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import dev.stowage.columns.IntList;
import dev.stowage.columns.Mix;
import dev.stowage.columns.PositionIndex;
import dev.stowage.content.ContentItem;
import dev.stowage.model.InvariantViolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A table of items with reused slots; rare columns exist only once they are used. */
public final class ItemTable {
  static final byte FREE = 0;
  static final byte READY = 1;
  static final byte BACKOFF = 2;
  static final byte IN_FLIGHT = 3;
  public static final byte CANCELLED = 4;
  public static final int NONE = -1;

  private static final int LEAST_CAPACITY = 16;

  /** The number of slots up to which the table grows by half; beyond it grows by an eighth. */
  private static final int SMALL = 256;

  private static final int STATE_BITS = 8;
  private static final int AGE_SHIFT = 16;
  private static final int BYTE = 0xFF;

  /** Ints per row: generation, failures and state (2), since (2), previous, next, leaf number. */
  private static final int ROW = 7;

  private static final int SINCE = 2;
  private static final int PREVIOUS = 4;
  private static final int NEXT = 5;
  private static final int LEAF = 6;
  private static final long LOW = 0xFFFF_FFFFL;

  private @Nullable ContentItem[] items = new ContentItem[LEAST_CAPACITY];

  /** One row per slot, because a decision reads and writes all of it. */
  private int[] rows = new int[ROW * LEAST_CAPACITY];

  private @Nullable Leaf[] leaves = new Leaf[8];
  private int leafCount;

  private final IntList freeLeaves = new IntList(0);

  private double @Nullable [] merits;
  private long @Nullable [] ties;
  private boolean halvesAreKeys = true;
  private int used;
  private int freeHead = NONE;
  private final PositionIndex index = new PositionIndex(slot -> hash(idOf(slot)));

  int claim(ContentItem item, double merit, long tie) {
    int slot = freeHead;
    if (slot == NONE) {
      slot = used;
      if (slot == items.length) {
        grow();
      }
      index.reserve(slot);
      used++;
    } else {
      index.reserve(slot);
      freeHead = next(slot);
    }
    items[slot] = item;
    putLong(slot, 0, 0);
    rows[ROW * slot + LEAF] = NONE;
    keepRank(slot, item, merit, tie);
    index.add(slot, hash(item.id()));
    return slot;
  }

  void replace(int slot, ContentItem item, double merit, long tie) {
    items[slot] = item;
    keepRank(slot, item, merit, tie);
  }

  void release(int slot) {
    index.remove(slot, hash(idOf(slot)));
    items[slot] = null;
    rows[ROW * slot + LEAF] = NONE;
    state(slot, FREE);
    next(slot, freeHead);
    freeHead = slot;
  }

  void clear() {
    Arrays.fill(items, 0, used, null);
    used = 0;
    freeHead = NONE;
    halvesAreKeys = true;
    index.clear();
  }

  public int find(long id) {
    long hash = hash(id);
    int place = PositionIndex.NONE;
    do {
      place = index.next(hash, place);
    } while (place != PositionIndex.NONE && idOf(index.position(place)) != id);
    return place == PositionIndex.NONE ? NONE : index.position(place);
  }

  private static long hash(long id) {
    return id * Mix.GOLDEN;
  }

  int usedSlots() {
    return used;
  }

  boolean holds(int slot) {
    return items[slot] != null;
  }

  public ContentItem item(int slot) {
    ContentItem item = items[slot];
    if (item == null) {
      throw new InvariantViolation("content.slot", "slot " + slot + " is empty");
    }
    return item;
  }

  public long idOf(int slot) {
    return item(slot).id();
  }

  double merit(int slot) {
    return merits == null ? item(slot).efficiency() : merits[slot];
  }

  /** Maps doubles other than NaN to longs of the same order. */
  static long sortable(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** Reports whether the lesser half of every key is 0, so that equal halves are equal keys. */
  boolean halvesAreKeys() {
    return halvesAreKeys;
  }

  boolean meritIsEfficiency() {
    return merits == null;
  }

  long tie(int slot) {
    return ties == null ? 0 : ties[slot];
  }

  boolean tiesAreEqual() {
    return ties == null;
  }

  public long generation(int slot) {
    return longAt(slot, 0) >>> AGE_SHIFT;
  }

  /** Returns the time since which an item waits; for a failed item, until which. */
  public long since(int slot) {
    return longAt(slot, SINCE);
  }

  /** Keeps state and failures; {@code generation} must be below 2^48. */
  void stamp(int slot, long generation, long sinceNanos) {
    long kept = longAt(slot, 0) & ((1L << AGE_SHIFT) - 1);
    putLong(slot, 0, (generation << AGE_SHIFT) | kept);
    putLong(slot, SINCE, sinceNanos);
  }

  public byte state(int slot) {
    return (byte) rows[ROW * slot];
  }

  public void state(int slot, byte state) {
    rows[ROW * slot] = (rows[ROW * slot] & ~BYTE) | state;
  }

  public int addFailure(int slot) {
    rows[ROW * slot] += 1 << STATE_BITS;
    return rows[ROW * slot] >>> STATE_BITS & BYTE;
  }

  int enlist(Leaf leaf) {
    int number = freeLeaves.isEmpty() ? leafCount++ : freeLeaves.removeLast();
    if (number == leaves.length) {
      leaves =
          Arrays.copyOf(leaves, Growth.capacity(number + Math.max(8L, number >> 3), number + 1L));
    }
    leaves[number] = leaf;
    return number;
  }

  void delist(int number) {
    leaves[number] = null;
    freeLeaves.add(number);
  }

  Leaf leaf(int slot) {
    int number = rows[ROW * slot + LEAF];
    Leaf leaf = number == NONE ? null : leaves[number];
    if (leaf == null) {
      throw new InvariantViolation("content.leaf", "slot " + slot + " has no leaf");
    }
    return leaf;
  }

  void leaf(int slot, int number) {
    rows[ROW * slot + LEAF] = number;
  }

  int previous(int slot) {
    return rows[ROW * slot + PREVIOUS];
  }

  void previous(int slot, int other) {
    rows[ROW * slot + PREVIOUS] = other;
  }

  int next(int slot) {
    return rows[ROW * slot + NEXT];
  }

  void next(int slot, int other) {
    rows[ROW * slot + NEXT] = other;
  }

  private long longAt(int slot, int column) {
    int at = ROW * slot + column;
    return ((long) rows[at + 1] << Integer.SIZE) | (rows[at] & LOW);
  }

  private void putLong(int slot, int column, long value) {
    int at = ROW * slot + column;
    rows[at] = (int) value;
    rows[at + 1] = (int) (value >>> Integer.SIZE);
  }

  private void keepRank(int slot, ContentItem item, double merit, long tie) {
    halvesAreKeys &= (int) Double.doubleToRawLongBits(merit) == 0;
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
    int more = items.length < SMALL ? items.length >> 1 : items.length >> 3;
    int capacity = Growth.rows(ROW, (long) items.length + more, items.length + 1L);
    items = Arrays.copyOf(items, capacity);
    rows = Arrays.copyOf(rows, ROW * capacity);
    merits = merits == null ? null : Arrays.copyOf(merits, capacity);
    ties = ties == null ? null : Arrays.copyOf(ties, capacity);
  }
}
