package dev.stowage.sim.tool.demo;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was held before an event, to be compared with what is held when the fleet has converged:
 * from the two follows how few bytes the event could have cost.
 */
final class EventLedger {
  private final Map<ChunkNumber, Set<WorkerId>> before = new HashMap<>();
  private final List<Chunk> passing = new ArrayList<>();

  /** Takes down what {@code fleet} holds now. */
  EventLedger(LifecycleView fleet) {
    fleet.forEachChunk(chunk -> {
      ChunkNumber number = fleet.chunkNumber(chunk);
      if (number != null && fleet.isLive(chunk)) {
        before.put(number, holders(fleet, chunk));
      }
    });
  }

  /** What a worker held is lost: it came back with an empty disk. */
  void lost(WorkerId worker) {
    before.values().forEach(holders -> holders.remove(worker));
  }

  /**
   * A chunk comes and is to be replaced by another within the event: a link in the middle of a
   * chain. It must reach its floor before the next can replace it.
   */
  void passing(Chunk chunk) {
    passing.add(chunk);
  }

  /** The fewest bytes with which what {@code fleet} holds now could have been reached. */
  long minimum(LifecycleView fleet) {
    MovementMinimum minimum = new MovementMinimum();
    Map<WorkerId, Long> keptBytes = new HashMap<>();
    Map<WorkerId, Long> endBytes = new HashMap<>();
    fleet.forEachChunk(chunk -> {
      if (fleet.isLive(chunk)) {
        compare(fleet, chunk, minimum, keptBytes);
        long size = fleet.chunkSizeBytes(chunk);
        holders(fleet, chunk).forEach(worker -> endBytes.merge(worker, size, Long::sum));
      }
    });
    fleet.forEachWorker(position -> {
      if (fleet.worker(position).status() == WorkerStatus.ACTIVE) {
        minimum.worker(
            fleet.worker(position).capacityBytes(),
            keptBytes.getOrDefault(fleet.workerId(position), 0L),
            endBytes.getOrDefault(fleet.workerId(position), 0L));
      }
    });
    return minimum.bytes() + passing.stream().mapToLong(each -> passed(fleet, each)).sum();
  }

  private static long passed(LifecycleView fleet, Chunk chunk) {
    int position = fleet.chunkPosition(chunk.key());
    boolean came = position != LifecycleView.NONE && fleet.isOncePossessed(position);
    return came && !fleet.isLive(position) ? chunk.sizeBytes() * fleet.floor(position) : 0;
  }

  private void compare(
      LifecycleView fleet, int chunk, MovementMinimum minimum, Map<WorkerId, Long> keptBytes) {
    ChunkNumber number = fleet.chunkNumber(chunk);
    if (number == null) {
      return;
    }
    long size = fleet.chunkSizeBytes(chunk);
    int kept = 0;
    for (WorkerId holder : before.getOrDefault(number, Set.of())) {
      int worker = fleet.workerPosition(holder);
      if (worker != LifecycleView.NONE && fleet.worker(worker).status() == WorkerStatus.ACTIVE) {
        kept++;
        keptBytes.merge(holder, size, Long::sum);
      }
    }
    minimum.chunk(size, holders(fleet, chunk).size(), kept);
  }

  private static Set<WorkerId> holders(LifecycleView fleet, int chunk) {
    Set<WorkerId> holders = new HashSet<>();
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      if (fleet.replicaState(slot) == ReplicaState.ASSIGNED) {
        holders.add(fleet.workerId(fleet.replicaWorker(slot)));
      }
    }
    return holders;
  }
}
