package dev.stowage.deterministic.queues;

import dev.stowage.deterministic.basics.Bounds;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded priority queue on (timestamp unsigned, core, insertion sequence): equal keys leave in
 * the order they came. An entry is found again by the handle that {@link #offer} returned, so
 * {@link #reprioritise} and {@link #remove} cost O(log n), like {@code offer} and {@code poll}.
 *
 * <p>The heap is four-ary and flat: the keys of four siblings fill one cache line, and sifting
 * touches no entry object. Storage grows with use up to the declared capacity.
 *
 * <p>Not thread-safe; {@link ConcurrentOrderedQueue} is.
 *
 * @param <T> item type
 */
public final class OrderedQueue<T> {
  /** What {@link #offer} returns instead of a handle when the queue is full. */
  public static final long FULL = -1;

  /** Capacity of {@link #withDefaultCapacity}. */
  public static final int DEFAULT_CAPACITY = 4096;

  /** Greatest capacity, 2^28. */
  public static final int MAX_CAPACITY = 1 << 28;

  /** Greatest core of an entry. */
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

  /** Heap position to slot; a slot is where an entry's item stays while its key moves. */
  private int[] slotAt;

  /** Slot to heap position, -1 when free. */
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

  /**
   * An empty queue for exactly {@code capacity} entries.
   *
   * @throws IllegalArgumentException unless 1 to {@link #MAX_CAPACITY}
   */
  public static <T> OrderedQueue<T> ofCapacity(int capacity) {
    return new OrderedQueue<>(Bounds.between(capacity, 1, MAX_CAPACITY, "queue capacity"));
  }

  /** An empty queue for {@value #DEFAULT_CAPACITY} entries. */
  public static <T> OrderedQueue<T> withDefaultCapacity() {
    return new OrderedQueue<>(DEFAULT_CAPACITY);
  }

  /**
   * Inserts an item and returns its handle, at least 0, or {@link #FULL}.
   *
   * @param timestamp unsigned logical time
   * @param core 0 to {@link #MAX_CORE}
   * @throws IllegalArgumentException if the core is outside
   */
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

  /** {@link #offer(long, int, Object)} with a timestamp value. */
  public long offer(Timestamp timestamp, int core, T item) {
    return offer(timestamp.bits(), core, item);
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

  /** The first item without taking it, or null if the queue is empty. */
  @SuppressWarnings("unchecked")
  public @Nullable T peek() {
    return size == 0 ? null : (T) items[slotAt[0]];
  }

  /** The least timestamp, as unsigned bits, or empty if the queue is. */
  public OptionalLong firstTimestamp() {
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(keys[0] ^ Long.MIN_VALUE);
  }

  /** The core of the first entry, or empty if the queue is. */
  public OptionalInt firstCore() {
    return size == 0 ? OptionalInt.empty() : OptionalInt.of((int) (keys[1] >>> SEQUENCE_BITS));
  }

  /**
   * Gives an entry another timestamp; core and insertion sequence stay, so among equal timestamps
   * it stands where its insertion put it.
   *
   * @return false if the entry has left the queue since
   * @throws IllegalArgumentException if the handle is no handle at all
   */
  public boolean reprioritise(long handle, long timestamp) {
    int slot = slotOf(handle);
    if (slot < 0) {
      return false;
    }
    int position = positionOf[slot];
    long time = timestamp ^ Long.MIN_VALUE;
    long tie = keys[2 * position + 1];
    if (time < keys[2 * position]) {
      siftUp(position, time, tie, slot);
    } else {
      siftDown(position, time, tie, slot);
    }
    return true;
  }

  /**
   * Takes an entry out, wherever it stands.
   *
   * @return the item, or null if the entry has left the queue since
   * @throws IllegalArgumentException if the handle is no handle at all
   */
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

  /** Whether the entry of this handle is still queued. */
  public boolean contains(long handle) {
    return slotOf(handle) >= 0;
  }

  /** How many entries are queued. */
  public int size() {
    return size;
  }

  /** Whether nothing is queued. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many entries the queue accepts. */
  public int capacity() {
    return capacity;
  }

  /** The sequence the next insertion will get. */
  public long nextSequence() {
    return nextSequence;
  }

  /** Puts an entry back under the sequence it once had; {@link #resumeSequence} comes after. */
  public void restore(long timestamp, int core, long sequence, T item) {
    if (size == capacity) {
      throw new IllegalArgumentException(
          "more than " + capacity + " entries restored into a queue of that capacity");
    }
    insert(timestamp, core, sequence, item);
  }

  /** Goes on counting arrivals from here, as a snapshot says. */
  public void resumeSequence(long sequence) {
    nextSequence = sequence;
  }

  /**
   * What waits, with what orders it.
   *
   * @param <T> what waits
   * @param timestamp unsigned
   * @param core the core it came from
   * @param sequence the number of its arrival
   * @param item what waits
   */
  public record Entry<T>(long timestamp, int core, long sequence, T item) {}

  /** Visits every entry in key order without taking any; costs a sort. */
  @SuppressWarnings("unchecked")
  public void forEachInOrder(Consumer<Entry<T>> visitor) {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> {
          int byTime = Long.compare(keys[2 * a], keys[2 * b]);
          return byTime != 0 ? byTime : Long.compare(keys[2 * a + 1], keys[2 * b + 1]);
        });
    for (int position : order) {
      long tie = keys[2 * position + 1];
      visitor.accept(
          new Entry<>(
              keys[2 * position] ^ Long.MIN_VALUE,
              (int) (tie >>> SEQUENCE_BITS),
              tie & SEQUENCE_MASK,
              (T) Objects.requireNonNull(items[slotAt[position]])));
    }
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

  /** The slot of a live handle, -1 of a dead one. */
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

  /**
   * Sinks a key. The least of four children is found as the lesser of two lesser ones, without
   * branches on the outcome but for ties, which are rare: the outcome is a coin toss, and a
   * mispredicted branch costs more than the comparison.
   */
  private void siftDown(int start, long time, long tie, int slot) {
    long[] k = keys;
    int n = size;
    int hole = start;
    int first = 4 * hole + 1;
    while (first + 3 < n) {
      int left = lesser(k, first, first + 1);
      int right = lesser(k, first + 2, first + 3);
      int best = lesser(k, left, right);
      long bestTime = k[2 * best];
      if (time < bestTime || (time == bestTime && tie < k[2 * best + 1])) {
        place(hole, time, tie, slot);
        return;
      }
      move(best, hole);
      hole = best;
      first = 4 * hole + 1;
    }
    if (first < n) {
      hole = siftBelowLastGroup(hole, time, tie);
    }
    place(hole, time, tie, slot);
  }

  /** The last group of children may be smaller than four. */
  private int siftBelowLastGroup(int hole, long time, long tie) {
    int best = 4 * hole + 1;
    for (int child = best + 1; child < size; child++) {
      best = lesser(keys, best, child);
    }
    long bestTime = keys[2 * best];
    if (time < bestTime || (time == bestTime && tie < keys[2 * best + 1])) {
      return hole;
    }
    move(best, hole);
    return best;
  }

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

  /**
   * An event with its logical time and core. Order and equality look at (timestamp, core) alone, so
   * that they are consistent with each other; the payload is carried, not compared.
   *
   * @param timestamp when, logically
   * @param core on which core, at least 0
   * @param event the payload
   * @param <E> the payload's type
   */
  public record TimestampedEvent<E>(Timestamp timestamp, int core, E event)
      implements Comparable<TimestampedEvent<?>> {
    /** Refuses a core below 0 with {@link IllegalArgumentException}. */
    public TimestampedEvent {
      Objects.requireNonNull(timestamp, "timestamp");
      Objects.requireNonNull(event, "event");
      Bounds.atLeast(core, 0, "core");
    }

    /**
     * Whether this timestamp is strictly before the other one. Two events of one timestamp on two
     * cores are ordered by {@link #compareTo} and still concurrent.
     */
    public boolean happensBefore(TimestampedEvent<?> other) {
      return timestamp.happensBefore(other.timestamp);
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
