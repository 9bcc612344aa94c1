package dev.stowage.lifecycle.state;

import dev.stowage.columns.LongList;

/** Pairs whose part in the published slices may have changed, in the order they were noted. */
public final class PairList {
  private final LongList pairs = new LongList();

  public void add(int chunk, int worker) {
    pairs.add(((long) worker << 32) | chunk);
  }

  int size() {
    return pairs.size();
  }

  /** Ascending by (worker, chunk); a pair may stand there more than once. */
  public long[] sorted() {
    return pairs.sorted();
  }

  public void clear() {
    pairs.reuse();
  }

  public static int workerOf(long pair) {
    return (int) (pair >>> 32);
  }

  public static int chunkOf(long pair) {
    return (int) pair;
  }
}
