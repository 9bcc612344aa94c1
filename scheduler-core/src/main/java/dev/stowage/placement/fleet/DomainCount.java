package dev.stowage.placement.fleet;

import dev.stowage.columns.IntList;

/**
 * Counts the replicas of one chunk in the domains that are limited. To be emptied before another
 * chunk is counted; not thread-safe.
 */
public final class DomainCount {
  private final DomainLimits limits;
  private final int[][] counts;
  private final IntList counted = new IntList();

  /** Counts nothing yet. */
  public DomainCount(DomainLimits limits, int workers) {
    this.limits = limits;
    counts = new int[limits.levels()][limits.isAny() ? workers : 0];
  }

  /** As if nothing had been counted. */
  public void clear() {
    for (int i = 0; i < counted.size(); i++) {
      for (int level = 0; level < counts.length; level++) {
        counts[level][limits.domain[level][counted.get(i)]] = 0;
      }
    }
    counted.truncate(0);
  }

  /** Counts a replica on a worker, whether or not it may have one. */
  public void add(int worker) {
    for (int level = 0; level < counts.length; level++) {
      counts[level][limits.domain[level][worker]]++;
    }
    counted.add(worker);
  }

  /** Counts a replica on a worker if its domains may have one more; whether they may. */
  public boolean take(int worker) {
    boolean may = admits(worker);
    if (may) {
      add(worker);
    }
    return may;
  }

  /** Whether the domains of a worker may have one more. */
  public boolean admits(int worker) {
    for (int level = 0; level < counts.length; level++) {
      if (counts[level][limits.domain[level][worker]] >= limits.most[level]) {
        return false;
      }
    }
    return true;
  }

  /** Whether some domain of a worker has more than it may. */
  public boolean isOver(int worker) {
    for (int level = 0; level < counts.length; level++) {
      if (counts[level][limits.domain[level][worker]] > limits.most[level]) {
        return true;
      }
    }
    return false;
  }

  /** How many replicas were counted. */
  public int size() {
    return counted.size();
  }
}
