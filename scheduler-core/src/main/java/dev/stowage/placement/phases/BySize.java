package dev.stowage.placement.phases;

import java.util.List;

/** Choices in lists of chunks by size, the smallest first. Stateless. */
final class BySize {
  private BySize() {}

  /**
   * The place of the smallest chunk that covers so many bytes, or else of the largest.
   *
   * @param size bytes of each chunk
   * @param bySize some chunks, not none
   */
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
