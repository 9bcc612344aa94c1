package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import java.util.Set;
import java.util.TreeSet;

/** Workers that a chunk cannot be moved to. Good for the length of one call. */
@FunctionalInterface
public interface ExcludedWorkers {
  /** Whether the worker is excluded; unknown ones always are. */
  boolean contains(WorkerId worker);

  /** Excludes exactly these. */
  static ExcludedWorkers of(Set<WorkerId> workers) {
    TreeSet<WorkerId> copy = new TreeSet<>(workers);
    return copy::contains;
  }
}
