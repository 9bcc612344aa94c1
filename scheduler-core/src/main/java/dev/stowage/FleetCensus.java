package dev.stowage;

import dev.stowage.columns.IntList;
import dev.stowage.columns.WideSum;
import dev.stowage.engine.CopyUrgency;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.NewestShare;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts of the health of a fleet. Immutable. Costs a pass over all replicas.
 *
 * @param chunks live chunks
 * @param underFloor live chunks, once possessed, that fewer counted workers than their floor
 *     possess
 * @param atRisk chunks of these that at most one counted worker, or fewer than half of their floor,
 *     possess
 * @param dark visible chunks that portals can reach on no worker
 * @param draining replicas that are superseded or draining
 * @param suspect workers that are suspect
 * @param leaving workers that are to leave
 * @param bytesToGo bytes of assigned replicas not yet possessed, for every cause, saturated
 * @param domains the fill by name of first-level domain; a worker without a zone is its own domain
 * @param newest the datasets whose newest chunks lie most in one place, at most {@link
 *     NewestShare#DATASETS}
 */
public record FleetCensus(
    int chunks,
    int underFloor,
    int atRisk,
    int dark,
    int draining,
    int suspect,
    int leaving,
    Map<Cause, Long> bytesToGo,
    SortedMap<String, Fill> domains,
    List<NewestShare> newest) {
  /** Copies the maps. */
  public FleetCensus {
    bytesToGo = Collections.unmodifiableMap(new EnumMap<>(bytesToGo));
    domains = Collections.unmodifiableSortedMap(new TreeMap<>(domains));
    newest = List.copyOf(newest);
  }

  /** The cause of a copy. */
  public enum Cause {
    /** Its chunk was never possessed. */
    NEW,
    /** Its chunk has fewer copies than its floor. */
    FLOOR,
    /** Its chunk has enough copies: it grows, or a copy moves. */
    GROWTH
  }

  /**
   * The used and total bytes of a group of workers.
   *
   * @param usedBytes bytes assigned or held, saturated
   * @param capacityBytes their capacity, saturated
   * @param share the used share before saturation; 0 without capacity
   */
  public record Fill(long usedBytes, long capacityBytes, double share) {
    private static Fill of(WideSum used, WideSum capacity) {
      double share = capacity.isZero() ? 0 : used.approximate() / capacity.approximate();
      return new Fill(used.saturated(), capacity.saturated(), share);
    }
  }

  /** Takes the census of a state. */
  public static FleetCensus of(LifecycleView state) {
    Taker taker = new Taker(state);
    // Rows lie in memory by position, so canonical order would take longer.
    for (int chunk = 0; chunk < state.chunkLimit(); chunk++) {
      if (state.isChunk(chunk)) {
        taker.count(chunk);
      }
    }
    state.forEachWorker(taker::countWorker);
    return taker.census();
  }

  private static final class Taker {
    private final LifecycleView state;
    private final WideSum[] toGo = WideSum.zeros(Cause.values().length);
    private final SortedMap<String, WideSum[]> domains = new TreeMap<>();
    private int chunks;
    private int underFloor;
    private int atRisk;
    private int dark;
    private int draining;
    private int suspect;
    private int leaving;

    Taker(LifecycleView state) {
      this.state = state;
    }

    void count(int chunk) {
      int possessed = 0;
      long missing = 0;
      boolean isDark = state.chunkState(chunk) == ChunkState.VISIBLE;
      for (int slot = state.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = state.nextReplica(slot)) {
        boolean isThere = state.possessed(slot);
        boolean isAssigned = state.replicaState(slot) == ReplicaState.ASSIGNED;
        possessed += isThere && state.isCounted(state.replicaWorker(slot)) ? 1 : 0;
        missing += isAssigned && !isThere ? 1 : 0;
        draining += isAssigned ? 0 : 1;
        isDark = isDark && !state.routed(slot);
      }
      boolean isOld = state.isOncePossessed(chunk);
      int floor = state.floor(chunk);
      if (state.isLive(chunk)) {
        chunks++;
        underFloor += isOld && possessed < floor ? 1 : 0;
        atRisk += isOld && CopyUrgency.isAtRisk(possessed, floor) ? 1 : 0;
        dark += isDark ? 1 : 0;
      }
      if (missing > 0) {
        Cause cause = !isOld ? Cause.NEW : possessed < floor ? Cause.FLOOR : Cause.GROWTH;
        toGo[cause.ordinal()].addProduct(state.chunkSizeBytes(chunk), missing);
      }
    }

    void countWorker(int position) {
      Worker worker = state.worker(position);
      suspect += worker.status() == WorkerStatus.SUSPECT ? 1 : 0;
      leaving += worker.status() == WorkerStatus.LEAVING ? 1 : 0;
      if (state.isPresent(position)) {
        String zone = state.zone(position);
        int end = zone.indexOf('/');
        String domain = end < 0 ? zone : zone.substring(0, end);
        WideSum[] sums = domains.computeIfAbsent(domain, name -> WideSum.zeros(2));
        sums[0].add(state.footprintBytes(position));
        sums[1].add(worker.capacityBytes());
      }
    }

    private List<NewestShare> newest() {
      NewestShare.Counter counter =
          new NewestShare.Counter(
              state.workerLimit(), at -> state.isWorker(at) ? state.worker(at) : null);
      List<NewestShare> shares = new ArrayList<>();
      for (DatasetId dataset : state.datasets()) {
        List<int[]> holders = new ArrayList<>();
        for (int chunk : state.newestChunks(dataset, NewestShare.CHUNKS)) {
          holders.add(wanted(chunk));
        }
        counter.of(dataset, holders).ifPresent(shares::add);
      }
      return NewestShare.greatest(shares);
    }

    private int[] wanted(int chunk) {
      IntList workers = new IntList();
      for (int slot = state.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = state.nextReplica(slot)) {
        if (state.replicaState(slot) == ReplicaState.ASSIGNED) {
          workers.add(state.replicaWorker(slot));
        }
      }
      return workers.toArray();
    }

    FleetCensus census() {
      Map<Cause, Long> bytes = new EnumMap<>(Cause.class);
      for (Cause cause : Cause.values()) {
        bytes.put(cause, toGo[cause.ordinal()].saturated());
      }
      SortedMap<String, Fill> fills = new TreeMap<>();
      domains.forEach((domain, sums) -> fills.put(domain, Fill.of(sums[0], sums[1])));
      return new FleetCensus(
          chunks, underFloor, atRisk, dark, draining, suspect, leaving, bytes, fills, newest());
    }
  }
}
