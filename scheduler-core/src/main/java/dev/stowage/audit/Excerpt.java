package dev.stowage.audit;

import dev.stowage.columns.IntList;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * The chunks that one audit reads, with overlaps, pending swaps and their chunks. Not thread-safe.
 */
final class Excerpt {
  private final LifecycleView state;
  private final TreeMap<Long, SwapRow> swaps = new TreeMap<>();
  private final Set<Integer> more = new HashSet<>();
  private final IntList open = new IntList();
  private int[] chunks = {};
  private int[] workers = {};

  private Excerpt(LifecycleView state) {
    this.state = state;
  }

  static Excerpt of(LifecycleView state, ChangeSet changes) {
    Excerpt excerpt = new Excerpt(state);
    excerpt.chunks = changed(state, changes);
    forEachOverlapping(state, excerpt.chunks, excerpt::add);
    excerpt.addSwapsOfChunks();
    changes.swaps().forEach(row -> excerpt.addSwap(row.id()));
    List<WorkerRow> rows = changes.workers();
    excerpt.workers = new int[rows.size()];
    Arrays.setAll(excerpt.workers, row -> rows.get(row).position());
    excerpt.close();
    return excerpt;
  }

  static Excerpt of(LifecycleView state, int[] run) {
    Excerpt excerpt = new Excerpt(state);
    excerpt.chunks = run.clone();
    Arrays.sort(excerpt.chunks);
    DatasetId before = null;
    for (int chunk : run) {
      DatasetId dataset = state.chunkDataset(chunk);
      if (dataset != before && !dataset.equals(before)) {
        state.forEachOverlapping(dataset, state.chunkRange(chunk), excerpt::add);
      }
      before = dataset;
    }
    excerpt.addSwapsOfChunks();
    excerpt.close();
    return excerpt;
  }

  private static int[] changed(LifecycleView state, ChangeSet changes) {
    ReplicaRows replicas = changes.replicas();
    ReplicaRows gone = changes.removedReplicas();
    List<ChunkKey> sides = new ArrayList<>();
    for (SwapRow swap : changes.swaps()) {
      sides.addAll(swap.oldChunks());
      sides.addAll(swap.newChunks());
    }
    int[] all = new int[changes.chunks().size() + replicas.size() + gone.size() + sides.size()];
    int size = 0;
    for (int row = 0; row < changes.chunks().size(); row++) {
      all[size++] = changes.chunks().get(row).position();
    }
    for (int row = 0; row < replicas.size(); row++) {
      all[size++] = replicas.chunk(row);
    }
    for (int row = 0; row < gone.size(); row++) {
      all[size++] = gone.chunk(row);
    }
    for (ChunkKey key : sides) {
      all[size++] = state.chunkPosition(key);
    }
    return Arrays.stream(all)
        .filter(chunk -> chunk >= 0 && state.isChunk(chunk))
        .sorted()
        .distinct()
        .toArray();
  }

  static boolean isOfWorkers(ChangeSet changes) {
    return changes.chunks().isEmpty()
        && changes.swaps().isEmpty()
        && changes.replicas().size() == 0
        && changes.removedReplicas().size() == 0;
  }

  /** Visits what overlaps chunks, once for each union of overlapping ranges. */
  static void forEachOverlapping(LifecycleView state, int[] chunks, IntConsumer visitor) {
    List<Integer> order = new ArrayList<>();
    for (int chunk : chunks) {
      if (state.overlapsAnother(chunk)) {
        order.add(chunk);
      }
    }
    order.sort(
        Comparator.comparing(state::chunkDataset)
            .thenComparingLong(chunk -> state.chunkRange(chunk).first()));
    int end;
    for (int start = 0; start < order.size(); start = end) {
      DatasetId dataset = state.chunkDataset(order.get(start));
      BlockRange union = state.chunkRange(order.get(start));
      end = start + 1;
      while (end < order.size()
          && state.chunkDataset(order.get(end)).equals(dataset)
          && state.chunkRange(order.get(end)).overlaps(union)) {
        long last = Math.max(union.last(), state.chunkRange(order.get(end++)).last());
        union = new BlockRange(union.first(), last);
      }
      state.forEachOverlapping(dataset, union, visitor);
    }
  }

  private void add(int chunk) {
    if (Arrays.binarySearch(chunks, chunk) < 0 && more.add(chunk)) {
      open.add(chunk);
    }
  }

  private void addSwapsOfChunks() {
    for (int chunk : chunks) {
      addSwapsOf(chunk);
    }
  }

  private void addSwapsOf(int chunk) {
    state.forEachPendingSwapOf(chunk, this::addSwap);
  }

  private void addSwap(long id) {
    if (swaps.containsKey(id)) {
      return;
    }
    state
        .swap(id)
        .ifPresent(row -> {
          swaps.put(id, row);
          if (row.isPending()) {
            addAll(row.oldChunks());
            addAll(row.newChunks());
          }
        });
  }

  private void addAll(List<ChunkKey> side) {
    for (ChunkKey key : side) {
      int chunk = state.chunkPosition(key);
      if (chunk >= 0) {
        add(chunk);
      }
    }
  }

  private void close() {
    for (int i = 0; i < open.size(); i++) {
      addSwapsOf(open.get(i));
    }
    if (!open.isEmpty()) {
      int[] all = Arrays.copyOf(chunks, chunks.length + open.size());
      System.arraycopy(open.array(), 0, all, chunks.length, open.size());
      Arrays.sort(all);
      chunks = all;
    }
  }

  Facts facts() {
    return Facts.of(state, chunks, workers, List.copyOf(swaps.values()));
  }

  boolean isEmpty() {
    return chunks.length == 0 && swaps.isEmpty() && workers.length == 0;
  }
}
