package dev.stowage.deterministic.queues;

import dev.stowage.deterministic.Bounds;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded priority queue on (unsigned timestamp, core, insertion sequence). {@link #offer},
 * {@link #poll} and, by handle, {@link #remove} cost O(log n). A bad core or handle throws {@code
 * IllegalArgumentException}. The heap is flat and four-ary, four siblings to a cache line, and
 * grows with use. Not thread-safe.
 */
public final class OrderedQueue<T> {
  /** The result of {@link #offer} on a full queue. */
  public static final long FULL = -1;

  /** A capacity for most uses, in entries. */
  public static final int DEFAULT_CAPACITY = 4096;

  /** The greatest capacity, 2^28 entries. */
  public static final int MAX_CAPACITY = 1 << 28;

  /** The greatest core of an entry; 0 is the least. */
  public static final int MAX_CORE = 255;

  private static final int FIRST_STORAGE = 16;
  private static final int SEQUENCE_BITS = 55;
  private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;
  private static final int GENERATION_MASK = Integer.MAX_VALUE;

  private final int capacity;
  private int size;
  private long nextSequence;

  /** Two longs per heap position: the time with its sign bit flipped, then core and sequence. */
  private long[] keys;

  /** The slot of the item, indexed by heap position. */
  private int[] slotAt;

  /** The heap position, or -1 if free, indexed by slot. */
  private int[] positionOf;

  private int[] generations;
  private @Nullable Object[] items;
  private int[] freeSlots;
  private int freeCount;
  private int slotsUsed;

  private OrderedQueue(int capacity) {
    this.capacity = capacity;
    int storage = Math.min(capacity, FIRST_STORAGE);
    keys = new long[2 * storage];
    slotAt = new int[storage];
    positionOf = new int[storage];
    generations = new int[storage];
    items = new @Nullable Object[storage];
    freeSlots = new int[storage];
  }

  /** Creates a queue; throws {@code IllegalArgumentException} unless 1 to {@link #MAX_CAPACITY}. */
  public static <T> OrderedQueue<T> ofCapacity(int capacity) {
    return new OrderedQueue<>(Bounds.between(capacity, 1, MAX_CAPACITY, "queue capacity"));
  }

  /** Inserts an item; returns its handle, at least 0, or {@link #FULL}. Time is unsigned. */
  public long offer(long timestamp, int core, T item) {
    Objects.requireNonNull(item, "item");
    if (core < 0 || core > MAX_CORE) {
      Bounds.between(core, 0, MAX_CORE, "core");
    }
    if (size == capacity) {
      return FULL;
    }
    if (nextSequence > SEQUENCE_MASK) {
      throw new IllegalStateException("insertion sequence " + nextSequence + " exceeds 2^55-1");
    }
    return insert(timestamp, core, nextSequence++, item);
  }

  /** Takes the first item, or returns null if the queue is empty. */
  @SuppressWarnings("unchecked")
  public @Nullable T poll() {
    if (size == 0) {
      return null;
    }
    int slot = slotAt[0];
    T item = (T) items[slot];
    free(slot);
    int last = --size;
    if (last > 0) {
      siftDown(0, keys[2 * last], keys[2 * last + 1], slotAt[last]);
    }
    return item;
  }

  /** Takes the first entry with its key, or returns null if the queue is empty. */
  public @Nullable TimestampedEvent<T> pollEvent() {
    if (size == 0) {
      return null;
    }
    Timestamp time = new Timestamp(keys[0] ^ Long.MIN_VALUE);
    int core = (int) (keys[1] >>> SEQUENCE_BITS);
    return new TimestampedEvent<>(time, core, Objects.requireNonNull(poll()));
  }

  /** Returns the first item without taking it, or null if the queue is empty. */
  @SuppressWarnings("unchecked")
  public @Nullable T peek() {
    return size == 0 ? null : (T) items[slotAt[0]];
  }

  /** Returns the least timestamp as unsigned bits, or empty if the queue is empty. */
  public OptionalLong firstTimestamp() {
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(keys[0] ^ Long.MIN_VALUE);
  }

  /** Removes an entry and returns its item, or null if it has left the queue. */
  @SuppressWarnings("unchecked")
  public @Nullable T remove(long handle) {
    int slot = slotOf(handle);
    if (slot < 0) {
      return null;
    }
    T item = (T) items[slot];
    int hole = positionOf[slot];
    free(slot);
    int last = --size;
    if (hole < last) {
      long time = keys[2 * last];
      long tie = keys[2 * last + 1];
      int moved = slotAt[last];
      if (siftUp(hole, time, tie, moved) == hole) {
        siftDown(hole, time, tie, moved);
      }
    }
    return item;
  }

  /** Returns the number of entries. */
  public int size() {
    return size;
  }

  /** Reports whether the queue is empty. */
  public boolean isEmpty() {
    return size == 0;
  }

  private long insert(long timestamp, int core, long sequence, T item) {
    int slot = freeCount > 0 ? freeSlots[--freeCount] : freshSlot();
    items[slot] = item;
    long tie = ((long) core << SEQUENCE_BITS) | sequence;
    siftUp(size++, timestamp ^ Long.MIN_VALUE, tie, slot);
    return ((long) generations[slot] << Integer.SIZE) | slot;
  }

  private int freshSlot() {
    if (slotsUsed == items.length) {
      int storage = (int) Math.min(capacity, 2L * items.length);
      keys = Arrays.copyOf(keys, 2 * storage);
      slotAt = Arrays.copyOf(slotAt, storage);
      positionOf = Arrays.copyOf(positionOf, storage);
      generations = Arrays.copyOf(generations, storage);
      items = Arrays.copyOf(items, storage);
      freeSlots = Arrays.copyOf(freeSlots, storage);
    }
    return slotsUsed++;
  }

  private void free(int slot) {
    items[slot] = null;
    positionOf[slot] = -1;
    generations[slot] = (generations[slot] + 1) & GENERATION_MASK;
    freeSlots[freeCount++] = slot;
  }

  /** Returns the slot of a live handle, -1 of a dead one. */
  private int slotOf(long handle) {
    int slot = (int) handle;
    if (handle < 0 || slot < 0 || slot >= slotsUsed) {
      throw new IllegalArgumentException(
          "handle " + handle + " was never issued by this queue of " + slotsUsed + " slots");
    }
    boolean live = generations[slot] == (int) (handle >>> Integer.SIZE) && positionOf[slot] >= 0;
    return live ? slot : -1;
  }

  private int siftUp(int start, long time, long tie, int slot) {
    int hole = start;
    while (hole > 0) {
      int parent = (hole - 1) >>> 2;
      long parentTime = keys[2 * parent];
      if (parentTime < time || (parentTime == time && keys[2 * parent + 1] < tie)) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    place(hole, time, tie, slot);
    return hole;
  }

  private void siftDown(int start, long time, long tie, int slot) {
    int hole = start;
    for (int first = 4 * hole + 1; first < size; first = 4 * hole + 1) {
      int best = first;
      for (int child = first + 1; child < Math.min(first + 4, size); child++) {
        best = lesser(keys, best, child);
      }
      long bestTime = keys[2 * best];
      if (time < bestTime || (time == bestTime && tie < keys[2 * best + 1])) {
        break;
      }
      move(best, hole);
      hole = best;
    }
    place(hole, time, tie, slot);
  }

  /** Branches on outcomes only for ties: a mispredicted branch costs more than a comparison. */
  private static int lesser(long[] k, int a, int b) {
    long timeA = k[2 * a];
    long timeB = k[2 * b];
    if (timeA == timeB) {
      return k[2 * b + 1] < k[2 * a + 1] ? b : a;
    }
    return timeB < timeA ? b : a;
  }

  private void move(int from, int to) {
    keys[2 * to] = keys[2 * from];
    keys[2 * to + 1] = keys[2 * from + 1];
    int slot = slotAt[from];
    slotAt[to] = slot;
    positionOf[slot] = to;
  }

  private void place(int position, long time, long tie, int slot) {
    keys[2 * position] = time;
    keys[2 * position + 1] = tie;
    slotAt[position] = slot;
    positionOf[slot] = position;
  }

  /** An event, carried but not compared, with its logical time and a core of at least 0. */
  public record TimestampedEvent<E>(Timestamp timestamp, int core, E event)
      implements Comparable<TimestampedEvent<?>> {
    /** Throws {@code IllegalArgumentException} if {@code core} is below 0. */
    public TimestampedEvent {
      Objects.requireNonNull(timestamp, "timestamp");
      Objects.requireNonNull(event, "event");
      Bounds.atLeast(core, 0, "core");
    }

    @Override
    public int compareTo(TimestampedEvent<?> other) {
      int byTime = timestamp.compareTo(other.timestamp);
      return byTime != 0 ? byTime : Integer.compare(core, other.core);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof TimestampedEvent<?> that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(timestamp.bits()) * 31 + core;
    }
  }
}
