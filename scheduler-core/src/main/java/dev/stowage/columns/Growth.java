package dev.stowage.columns;

/**
 * Computes the capacities of growing arrays, up to {@value #LARGEST} elements. A larger need throws
 * before anything is copied, so the owner stays unchanged.
 */
public final class Growth {
  public static final int LARGEST = Integer.MAX_VALUE - 8;

  private static final int LARGEST_TABLE = 1 << 30;

  private Growth() {}

  /**
   * Returns the next capacity, an eighth larger, so that a large table carries little slack.
   *
   * @throws IllegalStateException if no array has room for one element more
   */
  public static int next(int capacity) {
    return capacity(capacity + Math.max(16L, capacity >>> 3), capacity + 1L);
  }

  /**
   * Returns {@code wished}, reduced to the largest possible length but at least {@code needed}.
   *
   * @throws IllegalStateException if no array has room for {@code needed} elements
   */
  public static int capacity(long wished, long needed) {
    return rows(1, wished, needed);
  }

  /**
   * Returns the row capacity of an array with {@code width} elements (at least 1) per row.
   *
   * @throws IllegalStateException if no array has room for {@code needed} rows
   */
  public static int rows(int width, long wished, long needed) {
    int most = LARGEST / width;
    if (needed > most) {
      throw tooMany(needed, most);
    }
    return (int) Math.min(most, Math.max(wished, needed));
  }

  /**
   * Returns twice {@code capacity}, which must be a power of two because table places are masked.
   *
   * @throws IllegalStateException if no array is that long
   */
  public static int table(int capacity) {
    if (capacity >= LARGEST_TABLE) {
      throw tooMany(2L * capacity, LARGEST_TABLE);
    }
    return capacity * 2;
  }

  private static IllegalStateException tooMany(long needed, int most) {
    return new IllegalStateException(
        needed + " places are needed; at most " + most + " can be had in one array");
  }
}
