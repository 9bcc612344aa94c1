package dev.stowage.placement.input;

import dev.stowage.columns.LongList;
import java.util.Arrays;

/** A set of (chunk, worker) pairs packed in longs, sorted once, then searched. */
public final class PairSet {
  private final LongList pairs = new LongList();

  public void add(int chunk, int worker) {
    pairs.add(pair(chunk, worker));
  }

  /** Returns the pairs in ascending order, each once. */
  public long[] sorted() {
    return pairs.sortedDistinct();
  }

  static void refuseCommon(long[] pins, long[] bans) {
    for (long pin : pins) {
      refuseBoth(Arrays.binarySearch(bans, pin) >= 0, chunkOf(pin), workerOf(pin));
    }
  }

  /** Throws {@code IllegalArgumentException} if a pair is both pinned and banned. */
  public static void refuseBoth(boolean both, int chunk, int worker) {
    if (both) {
      throw new IllegalArgumentException(
          "chunk " + chunk + " is both pinned to worker " + worker + " and banned");
    }
  }

  public static long pair(int chunk, int worker) {
    return ((long) chunk << 32) | worker;
  }

  public static int chunkOf(long pair) {
    return (int) (pair >>> 32);
  }

  public static int workerOf(long pair) {
    return (int) pair;
  }

  /** Reports whether a pair of the chunk is among sorted pairs. */
  public static boolean containsAny(long[] sorted, int chunk) {
    if (sorted.length == 0) {
      return false;
    }
    int at = Arrays.binarySearch(sorted, pair(chunk, 0));
    int next = at < 0 ? -at - 1 : at;
    return next < sorted.length && chunkOf(sorted[next]) == chunk;
  }

  public static boolean contains(long[] sorted, int chunk, int worker) {
    return sorted.length > 0 && Arrays.binarySearch(sorted, pair(chunk, worker)) >= 0;
  }
}
