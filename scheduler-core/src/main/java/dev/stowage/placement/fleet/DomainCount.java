package dev.stowage.placement.fleet;

import dev.stowage.columns.IntList;
import dev.stowage.placement.input.HeldReplicas;

/** Counts the replicas of one chunk in limited domains until cleared. Not thread-safe. */
public final class DomainCount {
  private final DomainLimits limits;
  private final int[][] counts;
  private final IntList counted = new IntList();

  public DomainCount(DomainLimits limits, int workers) {
    this.limits = limits;
    counts = new int[limits.levels()][workers];
  }

  public void clear() {
    for (int i = 0; i < counted.size(); i++) {
      for (int level = 0; level < counts.length; level++) {
        counts[level][limits.domain[level][counted.get(i)]] = 0;
      }
    }
    counted.truncate(0);
  }

  public void add(int worker) {
    for (int level = 0; level < counts.length; level++) {
      counts[level][limits.domain[level][worker]]++;
    }
    counted.add(worker);
  }

  /** Counts a replica on a worker if its domains admit one more; returns false if not. */
  public boolean take(int worker) {
    boolean may = admits(worker);
    if (may) {
      add(worker);
    }
    return may;
  }

  public boolean admits(int worker) {
    for (int level = 0; level < counts.length; level++) {
      if (counts[level][limits.domain[level][worker]] >= limits.most[level]) {
        return false;
      }
    }
    return true;
  }

  /** Reports whether some domain of a worker has more replicas than its limit. */
  public boolean isOver(int worker) {
    for (int level = 0; level < counts.length; level++) {
      if (counts[level][limits.domain[level][worker]] > limits.most[level]) {
        return true;
      }
    }
    return false;
  }

  /** Reports whether the held replicas of a chunk that may stay exceed a limit. */
  public boolean isCrowded(Fit fit, HeldReplicas held, int chunk) {
    boolean isOver = false;
    for (int at = held.begin(chunk); at < held.end(chunk); at++) {
      if (fit.stays(chunk, at)) {
        add(held.worker()[at]);
        isOver |= isOver(held.worker()[at]);
      }
    }
    clear();
    return isOver;
  }

  public int size() {
    return counted.size();
  }
}
