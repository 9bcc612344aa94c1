package dev.stowage.placement.board;

import java.util.Arrays;

/** Exact sums over chunks, which can be added and removed in any order. */
public final class Tally {
  private static final int[] NOT_COUNTED = {};

  /** Superseded and draining bytes, by worker. */
  long[] leftover;

  /** Wanted bytes of ending chunks, by worker. */
  long[] ending;

  /** Wanted bytes that are not possessed, by worker; not counted where no link is described. */
  long[] coming;

  /** Held misplaced bytes in any state, by worker. */
  long[] misplaced;

  /** Wanted misplaced bytes, by worker. */
  long[] misplacedWanted;

  int[] copies = NOT_COUNTED;

  int[] leftoverCopies = NOT_COUNTED;

  final Demand demand;

  long replicas;

  private long[] low;
  private long[] high;
  private int[][] quiet;

  public Tally(int workers, int pools, int classes) {
    leftover = new long[workers];
    ending = new long[workers];
    coming = new long[workers];
    misplaced = new long[workers];
    misplacedWanted = new long[workers];
    low = new long[workers];
    high = new long[workers];
    demand = new Demand(pools);
    quiet = new int[classes][];
  }

  /** Turns replica counts on or off; returns whether all chunks must be added again. */
  public boolean countCopies(boolean wanted) {
    if (wanted == isCounting()) {
      return false;
    }
    copies = wanted ? new int[low.length] : NOT_COUNTED;
    leftoverCopies = wanted ? new int[low.length] : NOT_COUNTED;
    return true;
  }

  boolean isCounting() {
    return copies != NOT_COUNTED;
  }

  public void expect(int workers, int pools, int classes) {
    if (workers > low.length) {
      int length = Math.max(workers, low.length * 2);
      leftover = Arrays.copyOf(leftover, length);
      ending = Arrays.copyOf(ending, length);
      coming = Arrays.copyOf(coming, length);
      misplaced = Arrays.copyOf(misplaced, length);
      misplacedWanted = Arrays.copyOf(misplacedWanted, length);
      if (isCounting()) {
        copies = Arrays.copyOf(copies, length);
        leftoverCopies = Arrays.copyOf(leftoverCopies, length);
      }
      low = Arrays.copyOf(low, length);
      high = Arrays.copyOf(high, length);
    }
    demand.expect(pools);
    if (classes > quiet.length) {
      quiet = Arrays.copyOf(quiet, Math.max(classes, quiet.length * 2));
    }
  }

  public void clear() {
    Arrays.fill(leftover, 0);
    Arrays.fill(ending, 0);
    Arrays.fill(coming, 0);
    Arrays.fill(misplaced, 0);
    Arrays.fill(misplacedWanted, 0);
    Arrays.fill(copies, 0);
    Arrays.fill(leftoverCopies, 0);
    Arrays.fill(low, 0);
    Arrays.fill(high, 0);
    Arrays.fill(quiet, null);
    demand.clear();
    replicas = 0;
  }

  /** Adds bytes of either sign to a worker's footprint. */
  void charge(int worker, long bytes) {
    low[worker] += bytes;
    high[worker] += bytes >> 63;
    if (Long.compareUnsigned(low[worker], bytes) < 0) {
      high[worker]++;
    }
  }

  /** Adds bytes, at least 0, to the footprint of each worker in a range. */
  void chargeAll(int[] workers, int from, int to, long bytes) {
    for (int i = from; i < to; i++) {
      int worker = workers[i];
      long sum = low[worker] + bytes;
      low[worker] = sum;
      if (Long.compareUnsigned(sum, bytes) < 0) {
        high[worker]++;
      }
    }
  }

  void countAll(int[] workers, int from, int to, int sign) {
    for (int i = from; isCounting() && i < to; i++) {
      copies[workers[i]] += sign;
    }
  }

  /** Returns a capacity less the worker's footprint, at least {@code Long.MIN_VALUE}. */
  long free(int worker, long capacity) {
    long footprint = low[worker];
    if (high[worker] == 0 && footprint >= 0) {
      return capacity - footprint;
    }
    boolean fits = high[worker] == 0 && (footprint & Long.MAX_VALUE) <= capacity;
    return fits ? capacity - footprint : Long.MIN_VALUE;
  }

  /** Returns the worker's footprint in bytes; requires {@link #isCountable}. */
  long footprint(int worker) {
    return low[worker];
  }

  /** Reports whether the worker's footprint fits a long. */
  boolean isCountable(int worker) {
    return high[worker] == 0 && low[worker] >= 0;
  }

  void quiet(int number, int target, int sign) {
    int[] counts = quiet[number];
    if (counts == null || target >= counts.length) {
      int length = target + 1 + (target >> 1);
      counts = counts == null ? new int[length] : Arrays.copyOf(counts, length);
      quiet[number] = counts;
    }
    counts[target] += sign;
  }

  /** Returns the least target of a class's chunks without work, or {@code Integer.MAX_VALUE}. */
  int leastQuiet(int number) {
    int[] counts = quiet[number];
    for (int target = 0; counts != null && target < counts.length; target++) {
      if (counts[target] > 0) {
        return target;
      }
    }
    return Integer.MAX_VALUE;
  }
}
