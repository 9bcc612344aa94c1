package dev.stowage.lifecycle;

import java.util.Arrays;

/** Pairs whose part in the published slices may have changed, in the order they were noted. */
final class PairList {
  private long[] pairs = new long[16];
  private int size;

  void add(int chunk, int worker) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, Growth.next(size * 2));
    }
    pairs[size++] = ((long) worker << 32) | chunk;
  }

  int size() {
    return size;
  }

  /** Ascending by (worker, chunk); a pair may stand there more than once. */
  long[] sorted() {
    long[] sorted = Arrays.copyOf(pairs, size);
    Arrays.sort(sorted);
    return sorted;
  }

  void clear() {
    size = 0;
    if (pairs.length > 4096) {
      pairs = new long[16];
    }
  }

  static int workerOf(long pair) {
    return (int) (pair >>> 32);
  }

  static int chunkOf(long pair) {
    return (int) pair;
  }
}
