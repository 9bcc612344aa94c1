package dev.stowage.columns;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hash index of table positions that does not copy keys; open addressing, at most three quarters
 * full, no tombstones. An entry has the position in its low bits, then 4 bits of distance from
 * home, then the rest of the hash. The upper half of a hash decides the home; both halves should be
 * well mixed. Entries lie in pages shared by copies until a write. Concurrent look-ups are safe
 * while no thread writes, and always on a copy.
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

  private static final int PAGE_SHIFT = 8;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int PAGE_MASK = PAGE - 1;

  private final IntToLongFunction hashOf;
  private int[][] pages;
  private boolean[] isOwn;
  private int capacity;

  /** The last copy, until a page that it reads is written. */
  private @Nullable PositionIndex copied;

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
    this.hashOf = hashOf;
    capacity = capacityFor(expected);
    pages = emptied(capacity);
    isOwn = allOwn(pages.length);
    room = roomIn(capacity);
    bits = bitsFor(capacity);
  }

  private PositionIndex(IntToLongFunction hashOf, PositionIndex from) {
    this.hashOf = hashOf;
    pages = from.pages.clone();
    isOwn = new boolean[pages.length];
    capacity = from.capacity;
    room = from.room;
    bits = from.bits;
    size = from.size;
    reach = from.reach;
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
    int shift = bits + DISTANCE_BITS;
    int rest = rest(hash);
    int at = place == NONE ? home(hash) : after(place);
    int entry = entry(at);
    while (entry != EMPTY) {
      if (entry >>> shift == rest) {
        return at;
      }
      at = after(at);
      entry = entry(at);
    }
    return NONE;
  }

  public int position(int place) {
    return entry(place) & positionMask();
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
    while (entry(hole) != EMPTY && (entry(hole) & mask) != position) {
      hole = after(hole);
    }
    if (entry(hole) == EMPTY) {
      return;
    }
    size--;
    int next = after(hole);
    int entry = entry(next);
    while (entry != EMPTY) {
      int distance = distance(entry, next);
      int gap = places(hole, next);
      if (distance >= gap) {
        write(hole, standing(entry, distance - gap));
        hole = next;
      }
      next = after(next);
      entry = entry(next);
    }
    write(hole, EMPTY);
  }

  /** Returns a copy for look-ups alone: the former one if nothing was written since. */
  public PositionIndex copy() {
    PositionIndex known = copied;
    if (known == null) {
      Arrays.fill(isOwn, false);
      known = new PositionIndex(PositionIndex::refuse, this);
      copied = known;
    }
    return known;
  }

  /** Returns an index to write that shares all pages with this copy; see the constructor. */
  public PositionIndex fork(IntToLongFunction hash) {
    return new PositionIndex(hash, this);
  }

  private void place(long hash, int position) {
    int home = home(hash);
    int at = home;
    while (entry(at) != EMPTY) {
      at = after(at);
    }
    int distance = Math.min(FAR, places(home, at));
    write(at, (rest(hash) << DISTANCE_BITS | distance) << bits | position);
  }

  private int entry(int at) {
    return pages[at >>> PAGE_SHIFT][at & PAGE_MASK];
  }

  private void write(int at, int entry) {
    int page = at >>> PAGE_SHIFT;
    if (!isOwn[page]) {
      pages[page] = pages[page].clone();
      isOwn[page] = true;
      copied = null;
    }
    pages[page][at & PAGE_MASK] = entry;
  }

  private void empty(int entries) {
    copied = null;
    capacity = entries;
    room = roomIn(entries);
    pages = emptied(entries);
    isOwn = allOwn(pages.length);
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
    int wider = capacity;
    if (size >= room) {
      wider = Math.min(MOST_ENTRIES, wider + wider / 2);
    }
    if (size >= roomIn(wider) || coming >= MOST_ENTRIES - 1) {
      throw new IllegalStateException(
          "position "
              + coming
              + " does not fit beside "
              + size
              + " others; an index has room for "
              + MOST_ROOM);
    }
    // The greatest number that the bits can name stays free.
    bits = Math.max(bits, bitsFor(Math.max(wider, coming + 2)));
    empty(wider);
    for (int at = 0; at < dense; at++) {
      place(hashOf.applyAsLong(at), at);
    }
    for (int at = positions.nextSetBit(0); at >= 0; at = positions.nextSetBit(at + 1)) {
      place(hashOf.applyAsLong(at), at);
    }
  }

  private BitSet positions() {
    BitSet positions = new BitSet(reach);
    for (int at = 0; at < capacity; at++) {
      if (entry(at) != EMPTY) {
        positions.set(position(at));
      }
    }
    return positions;
  }

  private int home(long hash) {
    return (int) (((hash >>> Integer.SIZE) * capacity) >>> Integer.SIZE);
  }

  private int rest(long hash) {
    return (int) hash >>> (bits + DISTANCE_BITS);
  }

  private int after(int at) {
    return at + 1 == capacity ? 0 : at + 1;
  }

  private int places(int from, int to) {
    return to - from + (to < from ? capacity : 0);
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

  private static long refuse(int position) {
    throw new IllegalStateException(
        "a copy of an index is for reading only; asked for " + position);
  }

  private static int[][] emptied(int capacity) {
    int[][] pages = new int[(capacity + PAGE_MASK) >>> PAGE_SHIFT][];
    for (int page = 0; page < pages.length; page++) {
      pages[page] = new int[Math.min(PAGE, capacity - (page << PAGE_SHIFT))];
      Arrays.fill(pages[page], EMPTY);
    }
    return pages;
  }

  private static boolean[] allOwn(int pages) {
    boolean[] all = new boolean[pages];
    Arrays.fill(all, true);
    return all;
  }
}
