package dev.stowage.columns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ints packed in 0, 1, 2 or 4 bytes each; negative numbers take 4. Widens as larger numbers arrive.
 * Threads may write different places concurrently if the column was made for the largest number
 * written.
 */
public final class IntColumn {
  private static final int BYTE = 0xff;

  private int capacity;
  private int size;

  /** The value of every place while no array exists. */
  private int common;

  private byte @Nullable [] bytes;
  private char @Nullable [] chars;
  private int @Nullable [] ints;

  public IntColumn(int capacity) {
    this.capacity = capacity;
  }

  public static IntColumn zeros(int length) {
    IntColumn column = new IntColumn(length);
    column.size = length;
    return column;
  }

  /** Returns zeros for numbers up to {@code most}; never 1 byte, so fleets share compiled code. */
  public static IntColumn ofAtMost(int length, int most) {
    IntColumn column = new IntColumn(length);
    column.size = length;
    if (isChar(most)) {
      column.chars = new char[length];
    } else {
      column.ints = new int[length];
    }
    return column;
  }

  public int size() {
    return size;
  }

  /** Reports whether all numbers are known to be equal; false does not exclude it. */
  public boolean isCommon() {
    return bytes == null && chars == null && ints == null;
  }

  public int get(int at) {
    byte[] narrow = bytes;
    if (narrow != null) {
      return narrow[at] & BYTE;
    }
    char[] middle = chars;
    if (middle != null) {
      return middle[at];
    }
    int[] wide = ints;
    return wide != null ? wide[at] : common;
  }

  public void set(int at, int value) {
    byte[] narrow = bytes;
    char[] middle = chars;
    int[] wide = ints;
    if (narrow != null && isByte(value)) {
      narrow[at] = (byte) value;
    } else if (middle != null && isChar(value)) {
      middle[at] = (char) value;
    } else if (wide != null) {
      wide[at] = value;
    } else if (get(at) != value) {
      widen(value);
      set(at, value);
    }
  }

  /** Appends a number; the capacity must suffice. */
  public void add(int value) {
    size++;
    if (isCommon() && (size == 1 || value == common)) {
      common = value;
    } else {
      set(size - 1, value);
    }
  }

  /** Appends zeros up to {@code length}; the capacity must suffice. */
  public void extend(int length) {
    if (length > size) {
      if (size == 0) {
        common = 0;
      } else if (isCommon() && common != 0) {
        widen(common);
      }
      size = length;
    }
  }

  /** Sets the capacity to {@code room}, which must be at least the size. */
  public void resize(int room) {
    if (room == capacity) {
      return;
    }
    capacity = room;
    bytes = bytes == null ? null : Arrays.copyOf(bytes, room);
    chars = chars == null ? null : Arrays.copyOf(chars, room);
    ints = ints == null ? null : Arrays.copyOf(ints, room);
  }

  public void fill(int from, int to, int value) {
    byte[] narrow = bytes;
    char[] middle = chars;
    if (narrow != null && isByte(value)) {
      Arrays.fill(narrow, from, to, (byte) value);
    } else if (middle != null && isChar(value)) {
      Arrays.fill(middle, from, to, (char) value);
    } else {
      for (int at = from; at < to; at++) {
        set(at, value);
      }
    }
  }

  public boolean isAll(int from, int to, int value) {
    return from == to || (get(from) == value && endOfRun(from, to) == to);
  }

  /** Returns the end of the run of equal numbers from {@code from}, at most {@code limit}. */
  public int endOfRun(int from, int limit) {
    if (isCommon()) {
      return limit;
    }
    int to = from + 1;
    if (to >= limit || get(to) != get(from)) {
      return to;
    }
    int mismatch = mismatch(from, limit - 1);
    return mismatch < 0 ? limit : to + mismatch;
  }

  /** Returns the distance from {@code from} to the first number unlike its successor, or -1. */
  private int mismatch(int from, int to) {
    byte[] narrow = bytes;
    if (narrow != null) {
      return Arrays.mismatch(narrow, from, to, narrow, from + 1, to + 1);
    }
    char[] middle = chars;
    if (middle != null) {
      return Arrays.mismatch(middle, from, to, middle, from + 1, to + 1);
    }
    int[] wide = ints;
    return wide == null ? -1 : Arrays.mismatch(wide, from, to, wide, from + 1, to + 1);
  }

  public void copyTo(int from, int to, int[] list) {
    byte[] narrow = bytes;
    if (narrow != null) {
      for (int at = from; at < to; at++) {
        list[at - from] = narrow[at] & BYTE;
      }
    } else {
      for (int at = from; at < to; at++) {
        list[at - from] = get(at);
      }
    }
  }

  private static boolean isByte(int value) {
    return value >>> Byte.SIZE == 0;
  }

  private static boolean isChar(int value) {
    return value >>> Character.SIZE == 0;
  }

  private void widen(int value) {
    if (!isChar(value | common) || chars != null) {
      int[] wide = new int[capacity];
      for (int at = 0; at < size; at++) {
        wide[at] = get(at);
      }
      ints = wide;
      chars = null;
      bytes = null;
    } else if (!isByte(value | common) || bytes != null) {
      char[] middle = new char[capacity];
      for (int at = 0; at < size; at++) {
        middle[at] = (char) get(at);
      }
      chars = middle;
      bytes = null;
    } else {
      byte[] narrow = new byte[capacity];
      Arrays.fill(narrow, 0, size, (byte) common);
      bytes = narrow;
    }
  }
}
