package dev.stowage.lifecycle.state;

import dev.stowage.columns.FreeList;
import dev.stowage.model.DatasetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Datasets by dense numbers. The number of one that is no longer used is given to another, the
 * lowest first, so that there are never more than the most that were used at once; until then it
 * goes on naming the former one, for whoever looks at what was removed in the same step.
 */
final class DatasetNames {
  private final List<DatasetId> names = new ArrayList<>();
  private final Map<DatasetId, Integer> numbers = new HashMap<>();
  private final FreeList free = new FreeList();
  private final TreeMap<DatasetId, Integer> sorted = new TreeMap<>();

  /** Made when it is asked for, as a command may bring many datasets; null: to be made. */
  private volatile int @Nullable [] order;

  /** By number. */
  List<DatasetId> names() {
    return names;
  }

  /** The number of a dataset in use, or -1. */
  int find(DatasetId id) {
    return numbers.getOrDefault(id, -1);
  }

  /** The numbers in use, in canonical order of the datasets; never written to again. */
  int[] order() {
    int[] known = order;
    if (known == null) {
      known = sorted.values().stream().mapToInt(Integer::intValue).toArray();
      order = known;
    }
    return known;
  }

  /** The number of a dataset, from now on in use. */
  int intern(DatasetId id) {
    int known = find(id);
    if (known >= 0) {
      return known;
    }
    int number = names.size();
    if (free.isEmpty()) {
      names.add(id);
    } else {
      number = free.peek();
      free.take(number);
      names.set(number, id);
    }
    numbers.put(id, number);
    sorted.put(id, number);
    order = null;
    return number;
  }

  /** A dataset that has no chunk any more. */
  void release(int number) {
    numbers.remove(names.get(number));
    sorted.remove(names.get(number));
    free.add(number);
    order = null;
  }

  void addAll(DatasetNames other) {
    names.addAll(other.names);
    numbers.putAll(other.numbers);
    free.addAll(other.free);
    sorted.putAll(other.sorted);
    order = other.order;
  }
}
