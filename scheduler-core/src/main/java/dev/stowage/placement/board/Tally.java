package dev.stowage.placement.board;

import java.util.Arrays;

/**
 * Sums over chunks, each of which can be taken out again: what lies on every worker, what is wanted
 * of every pool, how many chunks of a class have nothing to do. Sums of exact integers: the order
 * in which chunks come and go makes no difference.
 */
public final class Tally {
  private static final int[] NOT_COUNTED = {};

  /** Superseded and draining bytes of each worker. */
  long[] leftover;

  /** Wanted bytes of each worker that belong to chunks about to go. */
  long[] ending;

  /** Held bytes, in whatever state, of each worker that have to leave it. */
  long[] misplaced;

  /** Those of them that are wanted there. */
  long[] misplacedWanted;

  /** Replicas on each worker, in whatever state; empty while nobody asks. */
  int[] copies = NOT_COUNTED;

  /** Those of them that are not wanted there; empty while nobody asks. */
  int[] leftoverCopies = NOT_COUNTED;

  /** What is wanted on the workers that are levelled. */
  final Demand demand;

  /** Wanted replicas on present workers. */
  long replicas;

  private long[] low;
  private long[] high;
  private int[][] quiet;

  public Tally(int workers, int pools, int classes) {
    leftover = new long[workers];
    ending = new long[workers];
    misplaced = new long[workers];
    misplacedWanted = new long[workers];
    low = new long[workers];
    high = new long[workers];
    demand = new Demand(pools);
    quiet = new int[classes][];
  }

  /**
   * Counts replicas from here on, beside their bytes, or no longer does.
   *
   * @return whether that is new, so that all chunks have to be added anew
   */
  public boolean countCopies(boolean wanted) {
    if (wanted == isCounting()) {
      return false;
    }
    copies = wanted ? new int[low.length] : NOT_COUNTED;
    leftoverCopies = wanted ? new int[low.length] : NOT_COUNTED;
    return true;
  }

  /** Whether replicas are counted, beside their bytes. */
  boolean isCounting() {
    return copies != NOT_COUNTED;
  }

  /** Makes room for more of everything. */
  public void expect(int workers, int pools, int classes) {
    if (workers > low.length) {
      int length = Math.max(workers, low.length * 2);
      leftover = Arrays.copyOf(leftover, length);
      ending = Arrays.copyOf(ending, length);
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

  /** As if nothing had been added. */
  public void clear() {
    Arrays.fill(leftover, 0);
    Arrays.fill(ending, 0);
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

  /** Adds bytes to a worker's footprint, or with a negative sign takes them off. */
  void charge(int worker, long bytes) {
    low[worker] += bytes;
    high[worker] += bytes >> 63;
    if (Long.compareUnsigned(low[worker], bytes) < 0) {
      high[worker]++;
    }
  }

  /** Adds bytes, at least 0, to the footprint of each worker of a part of a list. */
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

  /** Counts a part of a list of workers with replicas, or takes them out; if anybody asks. */
  void countAll(int[] workers, int from, int to, int sign) {
    for (int i = from; isCounting() && i < to; i++) {
      copies[workers[i]] += sign;
    }
  }

  /** A capacity less the worker's footprint; the smallest long if it is less than that. */
  long free(int worker, long capacity) {
    long footprint = low[worker];
    if (high[worker] == 0 && footprint >= 0) {
      return capacity - footprint;
    }
    boolean fits = high[worker] == 0 && (footprint & Long.MAX_VALUE) <= capacity;
    return fits ? capacity - footprint : Long.MIN_VALUE;
  }

  /** The worker's footprint; only if {@link #isCountable}. */
  long footprint(int worker) {
    return low[worker];
  }

  /** Whether the worker's footprint is a number that a long can hold. */
  boolean isCountable(int worker) {
    return high[worker] == 0 && low[worker] >= 0;
  }

  /** Counts a chunk of a class that has its target, and nothing to do; or takes it out. */
  void quiet(int number, int target, int sign) {
    int[] counts = quiet[number];
    if (counts == null || target >= counts.length) {
      int length = target + 1 + (target >> 1);
      counts = counts == null ? new int[length] : Arrays.copyOf(counts, length);
      quiet[number] = counts;
    }
    counts[target] += sign;
  }

  /** The least target of a class's chunks that have nothing to do; the largest int if none has. */
  int leastQuiet(int number) {
    int[] counts = quiet[number];
    for (int target = 0; counts != null && target < counts.length; target++) {
      if (counts[target] > 0) {
        return target;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** Adds all that another tally over other chunks says. */
  void add(Tally other) {
    for (int worker = 0; worker < other.low.length; worker++) {
      low[worker] += other.low[worker];
      high[worker] += other.high[worker];
      if (Long.compareUnsigned(low[worker], other.low[worker]) < 0) {
        high[worker]++;
      }
      leftover[worker] += other.leftover[worker];
      ending[worker] += other.ending[worker];
      misplaced[worker] += other.misplaced[worker];
      misplacedWanted[worker] += other.misplacedWanted[worker];
    }
    for (int worker = 0; worker < other.copies.length; worker++) {
      copies[worker] += other.copies[worker];
      leftoverCopies[worker] += other.leftoverCopies[worker];
    }
    demand.add(other.demand);
    for (int number = 0; number < quiet.length; number++) {
      int[] counts = other.quiet[number];
      for (int target = counts == null ? -1 : counts.length - 1; target >= 0; target--) {
        if (counts[target] != 0) {
          quiet(number, target, counts[target]);
        }
      }
    }
    replicas += other.replicas;
  }
}
