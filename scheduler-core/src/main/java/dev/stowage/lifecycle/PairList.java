package dev.stowage.lifecycle;

import dev.stowage.columns.LongList;

/** Pairs whose part in the published slices may have changed, in the order they were noted. */
final class PairList {
  private final LongList pairs = new LongList();

  void add(int chunk, int worker) {
    pairs.add(((long) worker << 32) | chunk);
  }

  int size() {
    return pairs.size();
  }

  /** Ascending by (worker, chunk); a pair may stand there more than once. */
  long[] sorted() {
    return pairs.sorted();
  }

  void clear() {
    pairs.reuse();
  }

  static int workerOf(long pair) {
    return (int) (pair >>> 32);
  }

  static int chunkOf(long pair) {
    return (int) pair;
  }
}
