package dev.stowage.storage.postgres;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sum of change sets, for a fixed number of statements; removals must be written first. */
final class NetChange {
  /** Chunks without a row. */
  final List<ChunkRow> createdChunks = new ArrayList<>();

  /** Chunks with a row. */
  final List<ChunkRow> changedChunks = new ArrayList<>();

  /** Chunks whose only change is their first publication. */
  final List<ChunkRow> firstNamed = new ArrayList<>();

  final Collection<ChunkKey> removedChunks = new ArrayList<>();
  final Map<WorkerId, WorkerRow> workers = new TreeMap<>();

  /** The workers whose reports alone changed. */
  final Set<WorkerId> reportedWorkers = new TreeSet<>();

  /** The workers whose slices, or the inventories that they were made with, changed. */
  final Map<WorkerId, WorkerRow> slices = new TreeMap<>();

  final Set<WorkerId> removedWorkers = new TreeSet<>();
  final Map<Long, SwapRow> swaps = new TreeMap<>();
  final Set<Long> removedSwaps = new TreeSet<>();

  /** The chunks that {@link ChangeSet#rerouted} names. */
  final BitSet rerouted = new BitSet();

  @Nullable FleetRow fleet;
  ReplicaRows replicas = ReplicaRows.EMPTY;
  ReplicaRows removedReplicas = ReplicaRows.EMPTY;

  private NetChange() {}

  /** Returns the sum of {@code changes}. */
  static NetChange of(List<ChangeSet> changes) {
    NetChange net = new NetChange();
    for (ChangeSet change : changes) {
      net.add(change);
    }
    net.addChunks(
        changes.stream().filter(it -> it.chunks().size() + it.removedChunks().size() > 0).toList());
    net.addReplicas(
        changes.stream()
            .filter(it -> it.replicas().size() + it.removedReplicas().size() > 0)
            .toList());
    return net;
  }

  /** Returns the chunks that are removed, dropped or tombstones. */
  SortedSet<ChunkKey> gone() {
    SortedSet<ChunkKey> gone = new TreeSet<>(removedChunks);
    for (Collection<ChunkRow> rows : List.of(createdChunks, changedChunks)) {
      for (ChunkRow row : rows) {
        if (row.state() == ChunkState.DROPPED || row.state() == ChunkState.TOMBSTONE) {
          gone.add(row.key());
        }
      }
    }
    return gone;
  }

  Set<DatasetId> datasets() {
    Set<DatasetId> named = new TreeSet<>();
    gone().forEach(key -> named.add(key.dataset()));
    createdChunks.forEach(row -> named.add(row.key().dataset()));
    swaps.values().forEach(row -> named.add(row.dataset()));
    return named;
  }

  private void add(ChangeSet change) {
    change
        .removedWorkers()
        .forEach(row -> {
          workers.remove(row.id());
          reportedWorkers.remove(row.id());
          slices.remove(row.id());
          removedWorkers.add(row.id());
        });
    for (int row = 0; row < change.workers().size(); row++) {
      WorkerRow put = change.workers().get(row);
      boolean isFirst = workers.put(put.id(), put) == null;
      if (change.isSliceChanged(row)) {
        slices.put(put.id(), put);
      }
      if (!change.isReportOnly(row)) {
        reportedWorkers.remove(put.id());
      } else if (isFirst) {
        reportedWorkers.add(put.id());
      }
    }
    change
        .removedSwaps()
        .forEach(row -> {
          swaps.remove(row.id());
          removedSwaps.add(row.id());
        });
    change.swaps().forEach(row -> swaps.put(row.id(), row));
    for (int chunk : change.rerouted()) {
      rerouted.set(chunk);
    }
    change.fleet().ifPresent(row -> fleet = row);
  }

  /** Sorts the rows by whether the store has them already. */
  private void addChunks(List<ChangeSet> changes) {
    if (changes.size() == 1) {
      ChangeSet only = changes.get(0);
      for (int row = 0; row < only.chunks().size(); row++) {
        List<ChunkRow> to = only.isCreated(row) ? createdChunks : changedChunks;
        (only.isFirstNamedOnly(row) ? firstNamed : to).add(only.chunks().get(row));
      }
      only.removedChunks().forEach(row -> removedChunks.add(row.key()));
      return;
    }
    Map<ChunkKey, ChunkRow> there = new TreeMap<>();
    Set<ChunkKey> named = new TreeSet<>();
    Set<ChunkKey> created = new TreeSet<>();
    Set<ChunkKey> gone = new TreeSet<>();
    for (ChangeSet change : changes) {
      for (ChunkRow row : change.removedChunks()) {
        there.remove(row.key());
        named.remove(row.key());
        if (!created.remove(row.key())) {
          gone.add(row.key());
        }
      }
      for (int row = 0; row < change.chunks().size(); row++) {
        ChunkRow put = change.chunks().get(row);
        boolean isFirst = there.put(put.key(), put) == null;
        if (change.isCreated(row)) {
          created.add(put.key());
        }
        if (isFirst && change.isFirstNamedOnly(row)) {
          named.add(put.key());
        } else {
          named.remove(put.key());
        }
      }
    }
    there.forEach((key, row) ->
        (named.contains(key) ? firstNamed : created.contains(key) ? createdChunks : changedChunks)
            .add(row));
    removedChunks.addAll(gone);
  }

  private void addReplicas(List<ChangeSet> changes) {
    if (changes.size() == 1) {
      replicas = changes.get(0).replicas();
      removedReplicas = changes.get(0).removedReplicas();
      return;
    }
    Map<Long, Place> there = new TreeMap<>();
    Map<Long, Place> gone = new TreeMap<>();
    Set<Long> fresh = new TreeSet<>();
    for (ChangeSet change : changes) {
      ReplicaRows went = change.removedReplicas();
      for (int row = 0; row < went.size(); row++) {
        there.remove(pair(went, row));
        fresh.remove(pair(went, row));
        gone.put(pair(went, row), new Place(went, row));
      }
      ReplicaRows put = change.replicas();
      for (int row = 0; row < put.size(); row++) {
        there.put(pair(put, row), new Place(put, row));
        if (put.isFresh(row)) {
          fresh.add(pair(put, row));
        }
      }
    }
    replicas = rows(there, fresh);
    removedReplicas = rows(gone, Set.of());
  }

  private record Place(ReplicaRows rows, int row) {}

  private static long pair(ReplicaRows rows, int row) {
    return ((long) rows.chunk(row) << 32) | rows.worker(row);
  }

  private static ReplicaRows rows(Map<Long, Place> places, Set<Long> fresh) {
    ReplicaRows.Builder merged = ReplicaRows.builder(places.size());
    for (Map.Entry<Long, Place> place : places.entrySet()) {
      ReplicaRows from = place.getValue().rows();
      int row = place.getValue().row();
      merged.add(from.chunk(row), from.worker(row));
      merged.stamps(from.since(row), from.supersededAt(row), from.releasedAt(row));
      merged.window(from.readableUntil(row), from.missingSince(row), from.flags(row));
      if (fresh.contains(place.getKey())) {
        merged.fresh();
      }
    }
    return merged.build();
  }
}
