package dev.stowage.lifecycle.state;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.FreeList;
import dev.stowage.columns.PositionIndex;
import dev.stowage.model.DatasetId;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Datasets by dense number. A released number names its former dataset until it is reused. */
final class DatasetNames {
  private final RefPages<DatasetId> names;
  private final List<DatasetId> list;
  private final PositionIndex numbers;
  private final FreeList free = new FreeList();
  private final TreeMap<DatasetId, Integer> sorted = new TreeMap<>();
  private int limit;
  private @Nullable DatasetNames copied;

  private volatile int @Nullable [] order;

  DatasetNames() {
    names = new RefPages<>();
    numbers = new PositionIndex(number -> hash(name(number)));
    list = names.asList();
  }

  private DatasetNames(DatasetNames from) {
    names = from.names.copy();
    numbers = from.numbers.copy();
    list = names.asList();
    limit = from.limit;
    order = from.order;
  }

  /** Returns the names by number. */
  List<DatasetId> names() {
    return list;
  }

  private DatasetId name(int number) {
    return names.at(number);
  }

  int find(DatasetId id) {
    return numbers.find(hash(id), number -> name(number).equals(id));
  }

  int[] order() {
    int[] known = order;
    if (known == null) {
      // A copy has no sorted names, because few copies are asked for them.
      known =
          sorted.isEmpty()
              ? IntStream.range(0, limit)
                  .filter(number -> find(name(number)) == number)
                  .boxed()
                  .sorted(Comparator.comparing(this::name))
                  .mapToInt(Integer::intValue)
                  .toArray()
              : sorted.values().stream().mapToInt(Integer::intValue).toArray();
      order = known;
    }
    return known;
  }

  int intern(DatasetId id) {
    int known = find(id);
    if (known >= 0) {
      return known;
    }
    changed();
    int number = free.isEmpty() ? limit : free.peek();
    limit = Math.max(limit, number + 1);
    free.take(number);
    names.put(number, id);
    numbers.add(number, hash(id));
    sorted.put(id, number);
    return number;
  }

  void release(int number) {
    changed();
    numbers.remove(number, hash(name(number)));
    sorted.remove(name(number));
    free.add(number);
  }

  DatasetNames copy() {
    DatasetNames known = copied;
    if (known == null) {
      known = new DatasetNames(this);
      copied = known;
    }
    return known;
  }

  private void changed() {
    order = null;
    copied = null;
  }

  private static long hash(DatasetId id) {
    return Avalanche.of(id.hashCode());
  }
}
