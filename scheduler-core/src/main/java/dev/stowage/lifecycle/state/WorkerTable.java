package dev.stowage.lifecycle.state;

import dev.stowage.columns.ArrayGrowth;
import dev.stowage.columns.FreeList;
import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The workers by dense position, with their rank in the order of ids. */
public final class WorkerTable {
  private @Nullable WorkerEntry[] entries = new WorkerEntry[4];

  /** Copies of the entries as of the last copy of the table. */
  private final RefPages<WorkerEntry> taken;

  /** The entries that may differ from those. */
  private final IntSet written = new IntSet();

  private final boolean isCopy;
  private @Nullable WorkerTable copied;
  private final Map<WorkerId, Integer> positions = new HashMap<>();
  private int[] order = new int[0];
  private int[] ranks = new int[4];
  private final FreeList free = new FreeList();
  private int limit;

  WorkerTable() {
    taken = new RefPages<>();
    isCopy = false;
  }

  private WorkerTable(WorkerTable from) {
    taken = from.taken.copy();
    isCopy = true;
    order = from.order;
    ranks = from.ranks;
    limit = from.limit;
  }

  public int limit() {
    return limit;
  }

  public int count() {
    return order.length;
  }

  public boolean exists(int position) {
    return position >= 0 && position < limit && held(position) != null;
  }

  public WorkerEntry entry(int position) {
    return Objects.requireNonNull(held(position), "worker position");
  }

  private @Nullable WorkerEntry held(int position) {
    return isCopy ? taken.get(position) : entries[position];
  }

  /** Returns an entry whose fields may be written before the table is copied. */
  public WorkerEntry toWrite(int position) {
    written.add(position);
    copied = null;
    return entry(position);
  }

  public int find(WorkerId id) {
    if (!isCopy) {
      return positions.getOrDefault(id, -1);
    }
    int rank = firstNotBefore(id);
    boolean isFound = rank < order.length && entry(order[rank]).description.id().equals(id);
    return isFound ? order[rank] : -1;
  }

  @Nullable
  public WorkerEntry entry(WorkerId id) {
    int position = find(id);
    return position < 0 ? null : held(position);
  }

  /** Returns positions in the order of ids; do not modify. */
  public int[] order() {
    return order;
  }

  public int[] inOrder(int[] positionsInAnyOrder) {
    int[] sorted = new int[positionsInAnyOrder.length];
    int found = 0;
    for (int position : positionsInAnyOrder) {
      if (exists(position)) {
        sorted[found++] = ranks[position];
      }
    }
    Arrays.sort(sorted, 0, found);
    for (int i = 0; i < found; i++) {
      sorted[i] = order[sorted[i]];
    }
    return Arrays.copyOf(sorted, found);
  }

  int rank(int position) {
    return ranks[position];
  }

  long hash(int position) {
    return entry(position).hash;
  }

  public int nextPosition() {
    return free.isEmpty() ? limit : free.peek();
  }

  public WorkerEntry put(WorkerRow row) {
    WorkerEntry known = exists(row.position()) ? entry(row.position()) : null;
    if (known != null) {
      toWrite(row.position()).restore(row);
      return known;
    }
    return insert(WorkerEntry.of(row));
  }

  WorkerEntry insert(WorkerEntry entry) {
    int position = entry.position;
    while (limit <= position) {
      if (limit == entries.length) {
        int capacity = ArrayGrowth.capacity(limit * 2L, limit + 1L);
        entries = Arrays.copyOf(entries, capacity);
      }
      if (limit < position) {
        free.add(limit);
      }
      limit++;
    }
    free.take(position);
    entries[position] = entry;
    toWrite(position);
    positions.put(entry.description.id(), position);
    int at = firstNotBefore(entry.description.id());
    int[] wider = new int[order.length + 1];
    System.arraycopy(order, 0, wider, 0, at);
    wider[at] = position;
    System.arraycopy(order, at, wider, at + 1, order.length - at);
    reorder(wider);
    return entry;
  }

  private int firstNotBefore(WorkerId id) {
    int low = 0;
    int high = order.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entry(order[middle]).description.id().compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void remove(int position) {
    positions.remove(toWrite(position).description.id());
    entries[position] = null;
    int[] narrower = new int[order.length - 1];
    int kept = 0;
    for (int other : order) {
      if (other != position) {
        narrower[kept++] = other;
      }
    }
    reorder(narrower);
    free.add(position);
  }

  /** Returns a table to write with entries of its own. */
  WorkerTable fork() {
    WorkerTable fork = new WorkerTable();
    fork.entries = new WorkerEntry[Math.max(limit, 1)];
    fork.limit = limit;
    for (int position = 0; position < limit; position++) {
      WorkerEntry entry = taken.get(position);
      if (entry == null) {
        fork.free.add(position);
      } else {
        fork.entries[position] = entry.copy();
        fork.positions.put(entry.description.id(), position);
        fork.written.add(position);
      }
    }
    fork.order = order;
    fork.ranks = ranks;
    return fork;
  }

  /** Returns to a former copy: all entries that were written since. */
  void backTo(WorkerTable copy, Tables tables) {
    taken.forEachChanged(copy.taken, written::add);
    if (written.size() > 0) {
      copied = null;
    }
    for (int i = 0; i < written.size(); i++) {
      int position = written.member(i);
      WorkerEntry now = entries[position];
      WorkerEntry before = copy.taken.get(position);
      if (now != null) {
        positions.remove(now.description.id());
      }
      if (before == null) {
        entries[position] = null;
        free.add(position);
        continue;
      }
      entries[position] = before.copy();
      positions.put(before.description.id(), position);
      free.take(position);
      if (now == null) {
        tables.work.slices.add(position);
      }
      tables.reindexWorker(position);
    }
    order = copy.order;
    ranks = copy.ranks;
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  WorkerTable copy() {
    WorkerTable known = copied;
    if (known == null) {
      for (int i = 0; i < written.size(); i++) {
        WorkerEntry entry = entries[written.member(i)];
        taken.put(written.member(i), entry == null ? null : entry.copy());
      }
      written.clear();
      known = new WorkerTable(this);
      copied = known;
    }
    return known;
  }

  /** Writes new arrays, because a copy reads the old ones. */
  private void reorder(int[] positionsInOrder) {
    order = positionsInOrder;
    ranks = new int[entries.length];
    for (int rank = 0; rank < order.length; rank++) {
      ranks[order[rank]] = rank;
    }
  }
}
