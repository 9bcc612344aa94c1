package dev.stowage.lifecycle.state;

import dev.stowage.columns.LongList;

/** Pairs whose entries in published slices may have changed. */
public final class PairList {
  private final LongList pairs = new LongList();

  public void add(int chunk, int worker) {
    pairs.add(((long) worker << 32) | chunk);
  }

  int size() {
    return pairs.size();
  }

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
