package dev.stowage.columns;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/**
 * A hash index of table positions that does not copy keys; open addressing, at most three quarters
 * full, no tombstones. An entry has the position in its low bits, then 4 bits of distance from
 * home, then the rest of the hash. The upper half of a hash decides the home; both halves should be
 * well mixed. Concurrent look-ups are safe while no thread writes.
 */
public final class PositionIndex {
  /** No place, and no position. */
  public static final int NONE = -1;

  private static final int MOST_BITS = 27;
  private static final int MOST_ENTRIES = 1 << MOST_BITS;
  private static final int LEAST_ENTRIES = 16;
  private static final String MOST_ROOM =
      roomIn(MOST_ENTRIES) + " positions below " + (MOST_ENTRIES - 1);
  private static final int DISTANCE_BITS = 4;
  private static final int FAR = (1 << DISTANCE_BITS) - 1;

  /** A free entry; the greatest position that the bits can name is never given. */
  private static final int EMPTY = -1;

  private final IntToLongFunction hashOf;
  private int[] entries;

  /** The number of bits of an entry that hold the position. */
  private int bits;

  private int size;

  /** The size above which the table must grow. */
  private int room;

  /** One more than the greatest position ever added. */
  private int reach;

  /** Creates an empty index; {@code hashOf} gets only positions that are in the index. */
  public PositionIndex(IntToLongFunction hashOf) {
    this(hashOf, 0);
  }

  /** Creates an index for {@code expected} positions; {@code IllegalStateException} if too many. */
  public PositionIndex(IntToLongFunction hashOf, int expected) {
    this(hashOf, emptied(capacityFor(expected)));
    bits = bitsFor(entries.length);
  }

  private PositionIndex(IntToLongFunction hashOf, int[] entries) {
    this.hashOf = hashOf;
    this.entries = entries;
    this.room = roomIn(entries.length);
  }

  /** Returns the position with this hash that passes {@code isSame}, or {@link #NONE}. */
  public int find(long hash, IntPredicate isSame) {
    int place = NONE;
    do {
      place = next(hash, place);
    } while (place != NONE && !isSame.test(position(place)));
    return place == NONE ? NONE : position(place);
  }

  /** Returns the next place after {@code place} with a possible match, or {@link #NONE}. */
  public int next(long hash, int place) {
    int[] held = entries;
    int shift = bits + DISTANCE_BITS;
    int rest = rest(hash);
    int at = place == NONE ? home(hash) : after(place);
    int entry = held[at];
    while (entry != EMPTY) {
      if (entry >>> shift == rest) {
        return at;
      }
      at = after(at);
      entry = held[at];
    }
    return NONE;
  }

  public int position(int place) {
    return entries[place] & positionMask();
  }

  /** Makes room for one more; throws {@code IllegalStateException}, unchanged, if impossible. */
  public void reserve(int position) {
    if (size >= room || position >= positionMask()) {
      grow(position);
    }
  }

  /** Adds an absent position; throws {@code IllegalStateException}, unchanged, if impossible. */
  public void add(int position, long hash) {
    if (size >= room || position >= reach) {
      reserve(position);
      reach = Math.max(reach, position + 1);
    }
    size++;
    place(hash, position);
  }

  /** Removes a position, which may be absent. */
  public void remove(int position, long hash) {
    int mask = positionMask();
    int hole = home(hash);
    while (entries[hole] != EMPTY && (entries[hole] & mask) != position) {
      hole = after(hole);
    }
    if (entries[hole] == EMPTY) {
      return;
    }
    size--;
    int next = after(hole);
    int entry = entries[next];
    while (entry != EMPTY) {
      int distance = distance(entry, next);
      int gap = places(hole, next);
      if (distance >= gap) {
        entries[hole] = standing(entry, distance - gap);
        hole = next;
      }
      next = after(next);
      entry = entries[next];
    }
    entries[hole] = EMPTY;
  }

  public void clear() {
    entries = emptied(LEAST_ENTRIES);
    bits = bitsFor(LEAST_ENTRIES);
    room = roomIn(LEAST_ENTRIES);
    size = 0;
    reach = 0;
  }

  public PositionIndex copyFor(IntToLongFunction hash) {
    PositionIndex copy = new PositionIndex(hash, entries.clone());
    copy.bits = bits;
    copy.size = size;
    copy.reach = reach;
    return copy;
  }

  private void place(long hash, int position) {
    int[] held = entries;
    int home = home(hash);
    int at = home;
    while (held[at] != EMPTY) {
      at = after(at);
    }
    int distance = Math.min(FAR, places(home, at));
    held[at] = (rest(hash) << DISTANCE_BITS | distance) << bits | position;
  }

  private int distance(int entry, int at) {
    int distance = (entry >>> bits) & FAR;
    return distance < FAR ? distance : places(home(hashOf.applyAsLong(entry & positionMask())), at);
  }

  private int standing(int entry, int distance) {
    return (entry & ~(FAR << bits)) | (Math.min(FAR, distance) << bits);
  }

  /** Places all positions anew, ascending, because that is the memory order of the table. */
  private void grow(int coming) {
    int dense = size == reach ? reach : 0;
    BitSet positions = size == reach ? new BitSet(0) : positions();
    int capacity = entries.length;
    if (size >= room) {
      capacity = Math.min(MOST_ENTRIES, capacity + capacity / 2);
    }
    if (size >= roomIn(capacity) || coming >= MOST_ENTRIES - 1) {
      throw new IllegalStateException(
          "position "
              + coming
              + " does not fit beside "
              + size
              + " others; an index has room for "
              + MOST_ROOM);
    }
    // The greatest number that the bits can name stays free.
    bits = Math.max(bits, bitsFor(Math.max(capacity, coming + 2)));
    entries = emptied(capacity);
    room = roomIn(capacity);
    for (int at = 0; at < dense; at++) {
      place(hashOf.applyAsLong(at), at);
    }
    for (int at = positions.nextSetBit(0); at >= 0; at = positions.nextSetBit(at + 1)) {
      place(hashOf.applyAsLong(at), at);
    }
  }

  private BitSet positions() {
    BitSet positions = new BitSet(reach);
    for (int entry : entries) {
      if (entry != EMPTY) {
        positions.set(entry & positionMask());
      }
    }
    return positions;
  }

  private int home(long hash) {
    return (int) (((hash >>> Integer.SIZE) * entries.length) >>> Integer.SIZE);
  }

  private int rest(long hash) {
    return (int) hash >>> (bits + DISTANCE_BITS);
  }

  private int after(int at) {
    return at + 1 == entries.length ? 0 : at + 1;
  }

  private int places(int from, int to) {
    return to - from + (to < from ? entries.length : 0);
  }

  private int positionMask() {
    return (1 << bits) - 1;
  }

  static int capacityFor(int expected) {
    if (expected > roomIn(MOST_ENTRIES)) {
      throw new IllegalStateException(
          expected + " positions are expected; an index has room for " + MOST_ROOM);
    }
    return (int) Math.max(LEAST_ENTRIES, Math.min(MOST_ENTRIES, (expected + 3L) / 3 * 4));
  }

  private static int roomIn(int capacity) {
    return capacity / 4 * 3;
  }

  private static int bitsFor(int capacity) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1);
  }

  private static int[] emptied(int capacity) {
    int[] entries = new int[capacity];
    Arrays.fill(entries, EMPTY);
    return entries;
  }
}
