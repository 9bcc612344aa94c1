package dev.stowage.placement.fleet;

import dev.stowage.model.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The failure domains by level. A level matters if it groups the workers otherwise than the level
 * outside it, and neither all together nor each alone; if none does, the first stands in.
 */
final class Domains {
  private final Worker[] workers;
  private final int[] order;

  /** The domain of each worker, by level that matters, outermost first. */
  private final List<int[]> levels = new ArrayList<>();

  private final List<Integer> numbers = new ArrayList<>();

  final int zones;

  /** Numbers the domains of the workers in {@code order}; without spread no level matters. */
  Domains(Worker[] workers, int[] order, boolean spread) {
    this.workers = workers;
    this.order = order;
    int[] first = new int[workers.length];
    boolean isAnyZoned = isAnyZoned();
    int outside = isAnyZoned ? number(1, first) : eachAlone(first);
    int outermost = 1;
    if (spread && isAnyZoned) {
      outermost = keep(1, first, outside, 1) ? outside : 1;
      // If each worker lies alone, no deeper level groups them otherwise.
      int deepest = outside < order.length ? deepest() : 1;
      for (int level = 2; level <= deepest; level++) {
        int[] domain = new int[workers.length];
        int count = number(level, domain);
        boolean isFirst = keep(level, domain, count, outside) && levels.size() == 1;
        outermost = isFirst ? count : outermost;
        outside = count;
      }
    }
    zones = outermost;
    if (levels.isEmpty()) {
      levels.add(first);
      numbers.add(1);
    }
  }

  int[] outermost() {
    return levels.get(0);
  }

  int[][] inner() {
    return levels.subList(1, levels.size()).toArray(new int[0][]);
  }

  /** Returns the numbers in the path, from 1, of the levels that matter. */
  int[] numbers() {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private boolean keep(int level, int[] domain, int count, int outside) {
    boolean matters = count > outside && count < order.length;
    if (matters) {
      levels.add(domain);
      numbers.add(level);
    }
    return matters;
  }

  private boolean isAnyZoned() {
    for (int position : order) {
      if (!workers[position].zone().equals(workers[position].id().value())) {
        return true;
      }
    }
    return false;
  }

  private int eachAlone(int[] domain) {
    for (int place = 0; place < order.length; place++) {
      domain[order[place]] = place;
    }
    return order.length;
  }

  private int deepest() {
    int deepest = 1;
    for (int position : order) {
      deepest = Math.max(deepest, workers[position].levels());
    }
    return deepest;
  }

  private int number(int level, int[] domain) {
    Map<String, Integer> names = new HashMap<>();
    for (int position : order) {
      Integer known = names.putIfAbsent(workers[position].domain(level), names.size());
      domain[position] = known == null ? names.size() - 1 : known;
    }
    return names.size();
  }
}
