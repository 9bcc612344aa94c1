package dev.stowage.columns;

/** How far columns grow: an eighth, so that a large table carries little slack. */
public final class Growth {
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private Growth() {}

  /** The capacity that follows one that is full; never more than the largest array. */
  public static int next(int capacity) {
    return (int) Math.min(LARGEST, capacity + Math.max(16L, capacity >>> 3));
  }
}
