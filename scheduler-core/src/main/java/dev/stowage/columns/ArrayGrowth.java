package dev.stowage.columns;

/** Capacities of growing arrays. A need above the limit throws before anything is copied. */
public final class ArrayGrowth {
  public static final int LARGEST = Integer.MAX_VALUE - 8;

  private static final int LARGEST_TABLE = 1 << 30;

  private ArrayGrowth() {}

  /** Returns an eighth more; {@code IllegalStateException} if no array has room for one more. */
  public static int next(int capacity) {
    return capacity(capacity + Math.max(16L, capacity >>> 3), capacity + 1L);
  }

  /** Returns a capacity of at least {@code needed}; {@code IllegalStateException} if too large. */
  public static int capacity(long wished, long needed) {
    return rows(1, wished, needed);
  }

  /** Returns a capacity in rows of {@code width} (at least 1); throws like {@link #capacity}. */
  public static int rows(int width, long wished, long needed) {
    int most = LARGEST / width;
    if (needed > most) {
      throw tooMany(needed, most);
    }
    return (int) Math.min(most, Math.max(wished, needed));
  }

  /** Returns twice a power of two; {@code IllegalStateException} above the largest table. */
  public static int table(int capacity) {
    if (capacity >= LARGEST_TABLE) {
      throw tooMany(2L * capacity, LARGEST_TABLE);
    }
    return capacity * 2;
  }

  private static IllegalStateException tooMany(long needed, int most) {
    return new IllegalStateException(
        needed + " elements are needed; one array holds at most " + most);
  }
}
