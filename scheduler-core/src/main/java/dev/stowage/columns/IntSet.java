package dev.stowage.columns;

import java.util.Arrays;
import java.util.Objects;

/** A set of small ints as bitmap and list; clearing and visiting cost time by its size. */
public final class IntSet {
  private static final long[] NO_BITS = {};
  private static final int[] NONE = {};

  private long[] bits = new long[1];

  /** The members of a compact set, which has no bits. */
  private int[] sorted = NONE;

  private int[] members = new int[4];
  private int size;

  public IntSet() {}

  /** Adds a value of at least 0; throws {@code IndexOutOfBoundsException} for less. */
  public boolean add(int value) {
    int word = Objects.checkIndex(value, Integer.MAX_VALUE) >>> 6;
    if (word >= bits.length) {
      if (bits.length == 0) {
        throw new IllegalStateException("a compact set is for reading only");
      }
      bits = Arrays.copyOf(bits, Math.max(word + 1, bits.length * 2));
    }
    long bit = 1L << value;
    if ((bits[word] & bit) != 0) {
      return false;
    }
    bits[word] |= bit;
    if (size == members.length) {
      members = Arrays.copyOf(members, ArrayGrowth.capacity(size + size / 2 + 16L, size + 1L));
    }
    members[size++] = value;
    return true;
  }

  public boolean contains(int value) {
    int word = value >>> 6;
    return word < bits.length
        ? (bits[word] & (1L << value)) != 0
        : sorted.length > 0 && Arrays.binarySearch(sorted, value) >= 0;
  }

  /** Removes a member by a linear search, so it suits small sets only. */
  public void remove(int value) {
    if (!contains(value)) {
      return;
    }
    bits[value >>> 6] &= ~(1L << value);
    int at = 0;
    while (members[at] != value) {
      at++;
    }
    members[at] = members[--size];
  }

  /** Removes the member that was added last, and returns it; the set must not be empty. */
  public int removeLast() {
    int value = members[--size];
    bits[value >>> 6] &= ~(1L << value);
    return value;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  public int member(int index) {
    return members[index];
  }

  public IntSet cleared() {
    clear();
    return this;
  }

  /** Returns the members in the order of addition. */
  public int[] toArray() {
    return Arrays.copyOf(members, size);
  }

  public void addAll(int[] values) {
    for (int value : values) {
      add(value);
    }
  }

  public void clear() {
    for (int i = 0; i < size; i++) {
      bits[members[i] >>> 6] = 0;
    }
    size = 0;
    if (members.length > 4096) {
      members = new int[4];
    }
  }

  /** Returns an equal set without a bitmap, for reading only; its size follows its members. */
  public IntSet compact() {
    if (bits.length == 0) {
      return this;
    }
    IntSet compact = new IntSet();
    compact.bits = NO_BITS;
    compact.members = toArray();
    compact.size = size;
    compact.sorted = toArray();
    Arrays.sort(compact.sorted);
    return compact;
  }
}
