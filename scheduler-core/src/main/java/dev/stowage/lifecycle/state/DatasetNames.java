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

  /** The numbers without a dataset; a fork finds them when it needs one. */
  private @Nullable FreeList free;

  /** Null in copies and forks, because few of them are asked for the order. */
  private final @Nullable TreeMap<DatasetId, Integer> sorted;

  private int limit;
  private @Nullable DatasetNames copied;

  private volatile int @Nullable [] order;

  DatasetNames() {
    names = new RefPages<>();
    numbers = new PositionIndex(number -> hash(name(number)));
    sorted = new TreeMap<>();
    list = names.asList();
  }

  private DatasetNames(
      RefPages<DatasetId> names,
      PositionIndex copied,
      int limit,
      @Nullable TreeMap<DatasetId, Integer> sorted) {
    this.names = names;
    numbers = copied.fork(number -> hash(name(number)));
    list = names.asList();
    this.limit = limit;
    this.sorted = sorted;
  }

  private DatasetNames(DatasetNames from) {
    names = from.names.copy();
    numbers = from.numbers.copy();
    list = names.asList();
    sorted = null;
    limit = from.limit;
    order = from.order;
  }

  /** Returns names to write that share all pages with this copy. */
  DatasetNames fork() {
    return new DatasetNames(names.fork(), numbers, limit, null);
  }

  DatasetNames backTo(DatasetNames copy) {
    if (copy == copied) {
      return this;
    }
    TreeMap<DatasetId, Integer> order = new TreeMap<>();
    for (int number : copy.order()) {
      order.put(copy.name(number), number);
    }
    return new DatasetNames(copy.names.fork(), copy.numbers, copy.limit, order);
  }

  /** Returns the names by number. */
  List<DatasetId> names() {
    return list;
  }

  private DatasetId name(int number) {
    return names.at(number);
  }

  boolean isUnknown(int number) {
    return names.get(number) == null;
  }

  int find(DatasetId id) {
    return numbers.find(hash(id), number -> name(number).equals(id));
  }

  int[] order() {
    int[] known = order;
    if (known == null) {
      known =
          sorted == null
              ? IntStream.range(0, limit)
                  .filter(this::isTaken)
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
    FreeList unused = free();
    int number = unused.isEmpty() ? limit : unused.peek();
    limit = Math.max(limit, number + 1);
    unused.take(number);
    names.put(number, id);
    numbers.add(number, hash(id));
    if (sorted != null) {
      sorted.put(id, number);
    }
    return number;
  }

  void release(int number) {
    changed();
    free().add(number);
    numbers.remove(number, hash(name(number)));
    if (sorted != null) {
      sorted.remove(name(number));
    }
  }

  private boolean isTaken(int number) {
    return find(name(number)) == number;
  }

  private FreeList free() {
    FreeList known = free;
    if (known == null) {
      known = new FreeList();
      for (int number = 0; number < limit; number++) {
        if (!isTaken(number)) {
          known.add(number);
        }
      }
      free = known;
    }
    return known;
  }

  DatasetNames copy() {
    DatasetNames known = copied;
    if (known == null) {
      known = new DatasetNames(this);
      known.copied = known;
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
