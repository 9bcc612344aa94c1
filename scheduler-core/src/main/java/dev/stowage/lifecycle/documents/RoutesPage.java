package dev.stowage.lifecycle.documents;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The routes of {@value #SIZE} chunk positions. Immutable. */
record RoutesPage(
    int[] start, int[] worker, long[] visible, AtomicReference<@Nullable EntryTotals> summed) {
  static final int SHIFT = 8;
  static final int SIZE = 1 << SHIFT;
  static final int MASK = SIZE - 1;
  static final RoutesPage EMPTY =
      new RoutesPage(new int[SIZE + 1], new int[0], new long[SIZE / Long.SIZE]);

  RoutesPage(int[] start, int[] worker, long[] visible) {
    this(start, worker, visible, new AtomicReference<>());
  }

  /** Computes without locks: facts of chunks do not change while a page routes them. */
  EntryTotals totals(int page, ChunkFacts facts) {
    EntryTotals known = summed.get();
    if (known == null) {
      known = EntryTotals.of(this, page, facts);
      summed.set(known);
    }
    return known;
  }

  boolean isVisible(int chunk) {
    int at = chunk & MASK;
    return (visible[at >>> 6] & (1L << at)) != 0;
  }

  int count(int chunk) {
    return end(chunk) - begin(chunk);
  }

  int begin(int chunk) {
    return start[chunk & MASK];
  }

  int end(int chunk) {
    return start[(chunk & MASK) + 1];
  }

  boolean sameRoutes(int chunk, RoutesPage other) {
    return isVisible(chunk) == other.isVisible(chunk)
        && Arrays.equals(
            worker, begin(chunk), end(chunk), other.worker, other.begin(chunk), other.end(chunk));
  }

  static RoutesPage of(Tables tables, int page) {
    int first = page << SHIFT;
    int[] start = new int[SIZE + 1];
    long[] visible = new long[SIZE / Long.SIZE];
    Names named = new Names(tables);
    for (int at = 0; at < SIZE; at++) {
      int chunk = first + at;
      start[at] = named.count;
      if (!tables.chunks.exists(chunk) || tables.chunks.stateOf(chunk) != ChunkState.VISIBLE) {
        continue;
      }
      visible[at >>> 6] |= 1L << at;
      named.add(chunk);
    }
    start[SIZE] = named.count;
    return new RoutesPage(start, Arrays.copyOf(named.worker, named.count), visible);
  }

  private static final class Names {
    private final Tables tables;
    private int[] worker = new int[SIZE];
    private int count;

    Names(Tables tables) {
      this.tables = tables;
    }

    void add(int chunk) {
      List<WorkerId> gone = tables.chunks.goneNames(chunk);
      int next = 0;
      for (int slot = tables.chunks.firstReplica(chunk);
          slot != ReplicaTable.NONE;
          slot = tables.replicas.next(slot)) {
        if (tables.replicas.isNamed(slot)) {
          while (next < gone.size() && gone.get(next).compareTo(tables.workerOf(slot)) < 0) {
            add(gone.get(next++));
          }
          append(tables.replicas.worker(slot));
        }
      }
      while (next < gone.size()) {
        add(gone.get(next++));
      }
    }

    private void add(WorkerId id) {
      append(tables.workers.find(id));
    }

    private void append(int position) {
      if (count == worker.length) {
        worker = Arrays.copyOf(worker, count * 2);
      }
      worker[count++] = position;
    }
  }
}
