package dev.stowage.placement.phases;

import java.util.List;

/** Choices in lists of chunks sorted by size, smallest first. Stateless. */
final class BySize {
  private BySize() {}

  /** Returns the place of the smallest of at least {@code bytes}, or of the largest. */
  static int covering(long[] size, List<Integer> bySize, long bytes) {
    int from = 0;
    int to = bySize.size() - 1;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (size[bySize.get(middle)] >= bytes) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
