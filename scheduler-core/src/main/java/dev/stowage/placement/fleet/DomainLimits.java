package dev.stowage.placement.fleet;

import dev.stowage.model.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The {@code max_per_domain} limits; levels with larger limits than domains are left out. Allowed
 * sets of workers form a matroid, so greedy selection finds a largest one. Immutable.
 */
public final class DomainLimits {
  private final List<int[]> domains = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private final List<Integer> numbers = new ArrayList<>();

  /** The domain of each worker, by limited level (outermost first), then worker. */
  public final int[][] domain;

  /** The most replicas per domain, by limited level. */
  public final int[] most;

  /** The number in the path, from 1, of each limited level. */
  public final int[] levelNumbers;

  DomainLimits(Worker[] workers, int[] order, SortedMap<Integer, Integer> maxPerDomain) {
    maxPerDomain.forEach((level, limit) -> admit(workers, order, level, limit));
    domain = domains.toArray(new int[0][]);
    most = limits.stream().mapToInt(Integer::intValue).toArray();
    levelNumbers = numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  public boolean isAny() {
    return most.length > 0;
  }

  public int levels() {
    return most.length;
  }

  private void admit(Worker[] workers, int[] order, int level, int limit) {
    int[] of = new int[workers.length];
    int[] members = new int[order.length];
    Map<String, Integer> names = new HashMap<>();
    int largest = 0;
    for (int position : order) {
      Integer known = names.putIfAbsent(workers[position].domain(level), names.size());
      of[position] = known == null ? names.size() - 1 : known;
      largest = Math.max(largest, ++members[of[position]]);
    }
    if (largest > limit) {
      domains.add(of);
      limits.add(limit);
      numbers.add(level);
    }
  }
}
