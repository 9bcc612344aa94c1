package dev.stowage.placement.fleet;

import dev.stowage.model.Worker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * How many wanted replicas of one chunk the failure domains of some levels may have: {@code
 * max_per_domain}. A level whose domains have no more workers than that asks for nothing, and is
 * left out. The domains of an inner level lie within those of an outer one, so which sets of
 * workers are allowed is a matroid: whoever takes one worker after the other, as long as that is
 * allowed, ends with as many as there can be. Immutable.
 */
public final class DomainLimits {
  private final List<int[]> domains = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private final List<Integer> numbers = new ArrayList<>();

  /** The domain of each worker, for each level that is limited, outermost first. */
  public final int[][] domain;

  /** How many replicas each domain of a level may have. */
  public final int[] most;

  /** The number in the path, from 1, of each level that is limited. */
  public final int[] levelNumbers;

  /** Limits for the workers at the positions in an order. */
  DomainLimits(Worker[] workers, int[] order, SortedMap<Integer, Integer> maxPerDomain) {
    maxPerDomain.forEach((level, limit) -> admit(workers, order, level, limit));
    domain = domains.toArray(new int[0][]);
    most = limits.stream().mapToInt(Integer::intValue).toArray();
    levelNumbers = numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Whether any level asks for anything. */
  public boolean isAny() {
    return most.length > 0;
  }

  /** How many levels ask for something. */
  public int levels() {
    return most.length;
  }

  /** How many domains a level has that is limited. */
  public int count(int level) {
    return Arrays.stream(domain[level]).max().orElse(-1) + 1;
  }

  /** Whether two workers lie in the same domains of all levels that ask for something. */
  public boolean areTogether(int one, int other) {
    boolean together = true;
    for (int[] each : domain) {
      together &= each[one] == each[other];
    }
    return together;
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
