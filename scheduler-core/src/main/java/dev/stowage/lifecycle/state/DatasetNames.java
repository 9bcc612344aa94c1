package dev.stowage.lifecycle.state;

import dev.stowage.columns.FreeList;
import dev.stowage.model.DatasetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Datasets by dense number. A released number names its former dataset until it is reused. */
final class DatasetNames {
  private final List<DatasetId> names = new ArrayList<>();
  private final Map<DatasetId, Integer> numbers = new HashMap<>();
  private final FreeList free = new FreeList();
  private final TreeMap<DatasetId, Integer> sorted = new TreeMap<>();

  private volatile int @Nullable [] order;

  List<DatasetId> names() {
    return names;
  }

  int find(DatasetId id) {
    return numbers.getOrDefault(id, -1);
  }

  int[] order() {
    int[] known = order;
    if (known == null) {
      known = sorted.values().stream().mapToInt(Integer::intValue).toArray();
      order = known;
    }
    return known;
  }

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
