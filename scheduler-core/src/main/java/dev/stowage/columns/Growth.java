package dev.stowage.columns;

/**
 * How far arrays grow, and where that ends: an array has room for {@value #LARGEST} elements. What
 * needs more is refused before anything is copied, so that its owner stays as it was.
 */
public final class Growth {
  /** The most elements of an array. */
  public static final int LARGEST = Integer.MAX_VALUE - 8;

  private static final int LARGEST_TABLE = 1 << 30;

  private Growth() {}

  /**
   * The capacity that follows one that is full: an eighth more, so that a large table carries
   * little slack.
   *
   * @throws IllegalStateException if no array has room for more
   */
  public static int next(int capacity) {
    return capacity(capacity + Math.max(16L, capacity >>> 3), capacity + 1L);
  }

  /**
   * As many as wished, or as there can be.
   *
   * @param needed so many at least
   * @throws IllegalStateException if no array has room for as many as are needed
   */
  public static int capacity(long wished, long needed) {
    return rows(1, wished, needed);
  }

  /**
   * The same for an array whose rows take several elements each.
   *
   * @param width elements of a row, at least 1
   * @throws IllegalStateException if no array has room for as many as are needed
   */
  public static int rows(int width, long wished, long needed) {
    int most = LARGEST / width;
    if (needed > most) {
      throw tooMany(needed, most);
    }
    return (int) Math.min(most, Math.max(wished, needed));
  }

  /**
   * Twice a power of two, for tables whose places are masked.
   *
   * @throws IllegalStateException if no array is as long
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
