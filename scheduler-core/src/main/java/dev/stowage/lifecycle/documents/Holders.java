package dev.stowage.lifecycle.documents;

import dev.stowage.columns.Avalanche;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An immutable tree of worker rows by hashes of ids; copies share unchanged branches. */
final class Holders {
  static final Holders NONE = new Holders(1, new Object[Holders.FAN], 0);

  private static final int BITS = 5;
  private static final int FAN = 1 << BITS;

  private static final int CROWD = 16;

  private static final WorkerRow[] EMPTY = {};

  private final int levels;

  private final Object[] root;
  private final int size;

  private Holders(int levels, Object[] root, int size) {
    this.levels = levels;
    this.root = root;
    this.size = size;
  }

  static Holders of(Collection<WorkerRow> all) {
    int levels = 1;
    while (all.size() > CROWD * (1L << (BITS * levels)) && levels < 6) {
      levels++;
    }
    Holders tree = new Holders(levels, new Object[FAN], 0);
    int size = 0;
    for (WorkerRow each : all) {
      size += put(tree.root, 1, levels, hash(each.id()), each);
    }
    return new Holders(levels, tree.root, size);
  }

  int size() {
    return size;
  }

  @Nullable WorkerRow get(WorkerId worker) {
    long hash = hash(worker);
    Object[] node = root;
    for (int level = 1; level < levels; level++) {
      Object below = node[at(hash, level)];
      if (below == null) {
        return null;
      }
      node = (Object[]) below;
    }
    for (WorkerRow each : leaf(node[at(hash, levels)])) {
      if (each.id().equals(worker)) {
        return each;
      }
    }
    return null;
  }

  Holders with(Collection<WorkerRow> changed, Collection<WorkerId> gone) {
    if ((long) changed.size() + size > CROWD * (1L << (BITS * levels))) {
      return rebuilt(changed, gone);
    }
    Object[] copy = root;
    int count = size;
    for (WorkerId worker : new TreeSet<>(gone)) {
      if (get(worker) != null) {
        copy = without(copy, 1, hash(worker), worker);
        count--;
      }
    }
    for (WorkerRow each : changed) {
      long hash = hash(each.id());
      copy = copied(copy, 1, hash);
      count += put(copy, 1, levels, hash, each);
    }
    return new Holders(levels, copy, count);
  }

  private Holders rebuilt(Collection<WorkerRow> changed, Collection<WorkerId> gone) {
    Map<WorkerId, WorkerRow> all = new TreeMap<>();
    forEach(each -> all.put(each.id(), each));
    gone.forEach(all::remove);
    changed.forEach(each -> all.put(each.id(), each));
    return of(all.values());
  }

  void forEach(Consumer<WorkerRow> visitor) {
    visit(root, 1, visitor);
  }

  private void visit(Object[] node, int level, Consumer<WorkerRow> visitor) {
    for (Object below : node) {
      if (below != null && level == levels) {
        Arrays.asList(leaf(below)).forEach(visitor);
      } else if (below != null) {
        visit((Object[]) below, level + 1, visitor);
      }
    }
  }

  private Object[] copied(Object[] node, int level, long hash) {
    Object[] copy = node.clone();
    int place = at(hash, level);
    if (level < levels && copy[place] != null) {
      copy[place] = copied((Object[]) copy[place], level + 1, hash);
    }
    return copy;
  }

  private Object[] without(Object[] node, int level, long hash, WorkerId worker) {
    Object[] copy = node.clone();
    int place = at(hash, level);
    copy[place] =
        level < levels
            ? without((Object[]) copy[place], level + 1, hash, worker)
            : Arrays.stream(leaf(copy[place]))
                .filter(each -> !each.id().equals(worker))
                .toArray(WorkerRow[]::new);
    return copy;
  }

  private static int put(Object[] own, int level, int levels, long hash, WorkerRow holder) {
    int place = at(hash, level);
    if (level < levels) {
      Object[] below = (Object[]) own[place];
      if (below == null) {
        below = new Object[FAN];
        own[place] = below;
      }
      return put(below, level + 1, levels, hash, holder);
    }
    WorkerRow[] before = leaf(own[place]);
    for (int i = 0; i < before.length; i++) {
      if (before[i].id().equals(holder.id())) {
        WorkerRow[] after = before.clone();
        after[i] = holder;
        own[place] = after;
        return 0;
      }
    }
    WorkerRow[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = holder;
    own[place] = after;
    return 1;
  }

  private static WorkerRow[] leaf(@Nullable Object leaf) {
    return leaf == null ? EMPTY : (WorkerRow[]) leaf;
  }

  private static int at(long hash, int level) {
    return (int) (hash >>> (BITS * (level - 1))) & (FAN - 1);
  }

  private static long hash(WorkerId worker) {
    return Avalanche.of(worker.hashCode());
  }
}
