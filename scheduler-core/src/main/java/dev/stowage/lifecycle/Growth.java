package dev.stowage.lifecycle;

/** How far columns grow: an eighth, so that a large table carries little slack. */
final class Growth {
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private Growth() {}

  static int next(int capacity) {
    return (int) Math.min(LARGEST, capacity + Math.max(16L, capacity >>> 3));
  }
}
