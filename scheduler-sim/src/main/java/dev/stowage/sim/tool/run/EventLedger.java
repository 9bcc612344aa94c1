package dev.stowage.sim.tool.run;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The replicas before an event, for comparison with those of the converged fleet: from both follow
 * the fewest bytes that the event could have cost.
 */
final class EventLedger {
  private final Map<ChunkNumber, List<WorkerId>> before = new HashMap<>();
  private final List<Chunk> passing = new ArrayList<>();

  EventLedger(LifecycleView fleet) {
    for (int chunk = 0; chunk < fleet.chunkLimit(); chunk++) {
      ChunkNumber number = fleet.isChunk(chunk) ? fleet.chunkNumber(chunk) : null;
      if (number != null && fleet.isLive(chunk)) {
        before.put(number, holders(fleet, chunk));
      }
    }
  }

  /** Forgets what a worker held before the event. */
  void lost(WorkerId worker) {
    before.replaceAll((number, holders) -> without(holders, worker));
  }

  /**
   * Records a chunk that another one replaces within the event: a link in the middle of a chain. It
   * must reach its floor before the next can replace it.
   */
  void passing(Chunk chunk) {
    passing.add(chunk);
  }

  /** Returns the fewest bytes that lead to the present replicas of {@code fleet}. */
  long minimum(LifecycleView fleet) {
    MovementMinimum minimum = new MovementMinimum();
    boolean[] isActive = new boolean[fleet.workerLimit()];
    fleet.forEachWorker(
        worker -> isActive[worker] = fleet.worker(worker).status() == WorkerStatus.ACTIVE);
    long[] keptBytes = new long[fleet.workerLimit()];
    long[] endBytes = new long[fleet.workerLimit()];
    for (int chunk = 0; chunk < fleet.chunkLimit(); chunk++) {
      if (fleet.isChunk(chunk) && fleet.isLive(chunk) && fleet.chunkNumber(chunk) != null) {
        minimum.chunk(
            fleet.chunkSizeBytes(chunk),
            end(fleet, chunk, endBytes),
            kept(fleet, chunk, isActive, keptBytes));
      }
    }
    fleet.forEachWorker(position -> {
      if (isActive[position]) {
        minimum.worker(
            fleet.worker(position).capacityBytes(), keptBytes[position], endBytes[position]);
      }
    });
    return minimum.bytes() + passing.stream().mapToLong(each -> passed(fleet, each)).sum();
  }

  private static long passed(LifecycleView fleet, Chunk chunk) {
    int position = fleet.chunkPosition(chunk.key());
    boolean came = position != LifecycleView.NONE && fleet.isOncePossessed(position);
    return came && !fleet.isLive(position) ? chunk.sizeBytes() * fleet.floor(position) : 0;
  }

  private int kept(LifecycleView fleet, int chunk, boolean[] isActive, long[] keptBytes) {
    int kept = 0;
    for (WorkerId holder : before.getOrDefault(fleet.chunkNumber(chunk), List.of())) {
      int worker = fleet.workerPosition(holder);
      if (worker != LifecycleView.NONE && isActive[worker]) {
        kept++;
        keptBytes[worker] += fleet.chunkSizeBytes(chunk);
      }
    }
    return kept;
  }

  private static int end(LifecycleView fleet, int chunk, long[] endBytes) {
    int holders = 0;
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      if (fleet.replicaState(slot) == ReplicaState.ASSIGNED) {
        holders++;
        endBytes[fleet.replicaWorker(slot)] += fleet.chunkSizeBytes(chunk);
      }
    }
    return holders;
  }

  private static List<WorkerId> holders(LifecycleView fleet, int chunk) {
    List<WorkerId> holders = new ArrayList<>();
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      if (fleet.replicaState(slot) == ReplicaState.ASSIGNED) {
        holders.add(fleet.workerId(fleet.replicaWorker(slot)));
      }
    }
    return List.copyOf(holders);
  }

  private static List<WorkerId> without(List<WorkerId> holders, WorkerId worker) {
    return holders.contains(worker)
        ? holders.stream().filter(holder -> !holder.equals(worker)).toList()
        : holders;
  }
}
