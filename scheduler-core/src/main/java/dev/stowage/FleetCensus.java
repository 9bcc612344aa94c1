package dev.stowage;

import dev.stowage.engine.CopyUrgency;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import java.util.Collections;
import java.util.EnumMap;
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
 * @param bytesToGo bytes of assigned replicas not yet possessed, for every cause
 * @param domains the fill by name of first-level domain; a worker without a zone is its own domain
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
    SortedMap<String, Fill> domains) {
  /** Copies the maps. */
  public FleetCensus {
    bytesToGo = Collections.unmodifiableMap(new EnumMap<>(bytesToGo));
    domains = Collections.unmodifiableSortedMap(new TreeMap<>(domains));
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

  /** The used and total bytes of a group of workers; used are those assigned or held. */
  public record Fill(long usedBytes, long capacityBytes) {
    /** Returns the used share; 0 without capacity. */
    public double share() {
      return capacityBytes == 0 ? 0 : (double) usedBytes / capacityBytes;
    }

    private Fill and(Fill other) {
      return new Fill(usedBytes + other.usedBytes, capacityBytes + other.capacityBytes);
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
    private final long[] toGo = new long[Cause.values().length];
    private final SortedMap<String, Fill> domains = new TreeMap<>();
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
        toGo[cause.ordinal()] += missing * state.chunkSizeBytes(chunk);
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
        Fill fill = new Fill(state.footprintBytes(position), worker.capacityBytes());
        domains.merge(domain, fill, Fill::and);
      }
    }

    FleetCensus census() {
      Map<Cause, Long> bytes = new EnumMap<>(Cause.class);
      for (Cause cause : Cause.values()) {
        bytes.put(cause, toGo[cause.ordinal()]);
      }
      return new FleetCensus(
          chunks, underFloor, atRisk, dark, draining, suspect, leaving, bytes, domains);
    }
  }
}
