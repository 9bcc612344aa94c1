package dev.stowage.audit;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The chunks for which an invariant may newly fail, with overlaps and swaps. Not thread-safe. */
final class Touched {
  private final List<LifecycleView> states;

  private final BitSet chunks = new BitSet();

  private final TreeMap<Long, List<SwapRow>> candidates = new TreeMap<>();

  private final Set<Long> swaps = new HashSet<>();

  private Touched(List<LifecycleView> states) {
    this.states = states;
  }

  /** Returns the touched chunks, or null if more than {@code mostPercent} of all are. */
  static @Nullable Touched between(
      List<LifecycleView> states, List<ChunkKey> named, int mostPercent) {
    Touched touched = new Touched(states);
    for (int i = 1; i < states.size(); i++) {
      if (!touched.compare(states.get(i - 1), states.get(i))) {
        return null;
      }
    }
    touched.addAll(named);
    touched.addCandidates(!named.isEmpty());
    touched.close();
    LifecycleView last = states.get(states.size() - 1);
    return 100L * touched.chunks.cardinality() > (long) mostPercent * last.chunkCount()
        ? null
        : touched;
  }

  FleetSnapshot read(LifecycleView state) {
    int[] positions = chunks.stream().filter(state::isChunk).toArray();
    List<SwapRow> rows = new ArrayList<>();
    for (long id : candidates.keySet()) {
      if (swaps.contains(id)) {
        state.swap(id).ifPresent(rows::add);
      }
    }
    return FleetReader.read(state, positions, rows);
  }

  private boolean compare(LifecycleView older, LifecycleView newer) {
    FleetSnapshot before = workersOf(older);
    FleetSnapshot after = workersOf(newer);
    if (!isComparable(older, newer) || !isComparable(before, after)) {
      return false;
    }
    newer.forEachChangedChunk(older, chunks::set);
    BitSet reporting = new BitSet();
    addReported(older, newer, reporting);
    addReported(newer, newer, reporting);
    addReplicas(ReportedState.of(before), ReportedState.of(after), newer, reporting);
    return true;
  }

  private static FleetSnapshot workersOf(LifecycleView state) {
    return FleetReader.read(state, new int[0], List.of());
  }

  // Floors follow the configuration and, under a weight policy, the end of a dataset.
  private static boolean isComparable(LifecycleView older, LifecycleView newer) {
    return older.config().equals(newer.config()) && newer.config().weights().all().isEmpty();
  }

  private static boolean isComparable(FleetSnapshot older, FleetSnapshot newer) {
    FleetSnapshot.Header from = older.header();
    FleetSnapshot.Header to = newer.header();
    return Arrays.equals(older.workers().id, newer.workers().id)
        && from.newestWorkerAssignment() <= to.newestWorkerAssignment()
        && from.newestPortalAssignment() <= to.newestPortalAssignment()
        && from.watermark() <= to.watermark();
  }

  private void addReported(LifecycleView state, LifecycleView newer, BitSet reporting) {
    state.forEachWorker(worker -> {
      for (PendingReport report : state.pendingReports(worker)) {
        if (report.kind() == PendingReport.Kind.APPLIED
            || report.kind() == PendingReport.Kind.LOST) {
          reporting.set(worker);
          report.chunks().forEach(number -> add(newer.chunkPosition(number)));
        }
      }
    });
  }

  private void addReplicas(
      ReportedState[] was, ReportedState[] is, LifecycleView newer, BitSet reporting) {
    boolean[] isOther = new boolean[newer.workerLimit()];
    boolean[] isAnew = new boolean[isOther.length];
    ReportedState[] before = new ReportedState[isOther.length];
    ReportedState[] after = new ReportedState[isOther.length];
    boolean isAny = !reporting.isEmpty();
    for (int position = 0, at = 0; position < isOther.length; position++) {
      if (newer.isWorker(position)) {
        before[position] = was[at];
        after[position] = is[at];
        isOther[position] = !was[at].equals(is[at]);
        isAnew[position] = !was[at].flags().equals(is[at].flags());
        isAny |= isOther[position];
        at++;
      }
    }
    if (isAny) {
      newer.forEachReplica(slot -> {
        int worker = newer.replicaWorker(slot);
        boolean isTouched =
            isOther[worker]
                && (isAnew[worker] || before[worker].differs(after[worker], newer.since(slot)));
        if (isTouched || (reporting.get(worker) && newer.isMissing(slot))) {
          add(newer.replicaChunk(slot));
        }
      });
    }
  }

  private record ReportedState(List<Object> flags, long applied, long confirmed, long proven) {
    static ReportedState[] of(FleetSnapshot fleet) {
      WorkerColumns workers = fleet.workers();
      long watermark = fleet.header().watermark();
      ReportedState[] all = new ReportedState[workers.count];
      for (int worker = 0; worker < workers.count; worker++) {
        long applied = workers.lastApplied[worker];
        all[worker] =
            new ReportedState(
                List.of(
                    workers.status[worker],
                    workers.unproven[worker],
                    workers.inventoryPending[worker],
                    workers.incarnation[worker],
                    workers.described[worker]),
                applied,
                workers.caughtUp[worker] ? watermark : applied,
                Math.max(applied, watermark));
      }
      return all;
    }

    boolean differs(ReportedState other, long since) {
      return isBetween(since, applied, other.applied)
          || isBetween(since, confirmed, other.confirmed)
          || isBetween(since, proven, other.proven);
    }

    private static boolean isBetween(long since, long one, long other) {
      return (since <= one) != (since <= other);
    }
  }

  private void add(int chunk) {
    if (chunk >= 0) {
      chunks.set(chunk);
    }
  }

  private void addAll(List<ChunkKey> keys) {
    forEachPosition(keys, chunks::set);
  }

  private void addCandidates(boolean isAnyNamed) {
    List<SwapRow> before = List.of();
    for (LifecycleView state : states) {
      List<SwapRow> rows = state.swaps();
      boolean isFirst = state == states.get(0);
      boolean isSame = isFirst || isSame(before, rows);
      Map<Long, SwapRow> old = new HashMap<>();
      if (!isSame) {
        before.forEach(row -> old.put(row.id(), row));
      }
      for (SwapRow row : rows) {
        boolean isChanged = !isSame && !row.equals(old.remove(row.id()));
        if (isChanged || isAnyNamed || row.isPending()) {
          candidate(row, isChanged);
        }
      }
      old.values().forEach(row -> candidate(row, true));
      before = rows;
    }
  }

  private static boolean isSame(List<SwapRow> before, List<SwapRow> rows) {
    boolean isSame = before.size() == rows.size();
    for (int i = 0; isSame && i < rows.size(); i++) {
      isSame = before.get(i) == rows.get(i);
    }
    return isSame;
  }

  private void candidate(SwapRow row, boolean isChanged) {
    candidates.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row);
    if (isChanged) {
      swaps.add(row.id());
      addAll(row.oldChunks());
      addAll(row.newChunks());
    }
  }

  private void close() {
    LifecycleView last = states.get(states.size() - 1);
    int[] changed = chunks.stream().filter(last::isChunk).toArray();
    Excerpt.forEachOverlapping(last, changed, chunks::set);
    Map<Integer, List<Long>> candidatesOf = new HashMap<>();
    candidates.forEach((id, rows) -> {
      SwapRow row = rows.get(0);
      for (List<ChunkKey> side : List.of(row.oldChunks(), row.newChunks())) {
        forEachPosition(
            side, chunk -> candidatesOf.computeIfAbsent(chunk, any -> new ArrayList<>()).add(id));
      }
    });
    ArrayDeque<Integer> open = new ArrayDeque<>();
    chunks.stream().filter(candidatesOf::containsKey).forEach(open::add);
    while (!open.isEmpty()) {
      for (long id : candidatesOf.getOrDefault(open.remove(), List.of())) {
        if (swaps.add(id)) {
          for (SwapRow row : candidates.getOrDefault(id, List.of())) {
            addAll(row.oldChunks(), open);
            addAll(row.newChunks(), open);
          }
        }
      }
    }
  }

  private void addAll(List<ChunkKey> keys, ArrayDeque<Integer> open) {
    forEachPosition(
        keys,
        chunk -> {
          if (!chunks.get(chunk)) {
            chunks.set(chunk);
            open.add(chunk);
          }
        });
  }

  private void forEachPosition(List<ChunkKey> keys, IntConsumer visitor) {
    for (LifecycleView state : states) {
      for (ChunkKey key : keys) {
        int chunk = state.chunkPosition(key);
        if (chunk >= 0) {
          visitor.accept(chunk);
        }
      }
    }
  }
}
