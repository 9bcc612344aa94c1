package dev.stowage.sim.kit.scenario;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.ReplicaSlots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the replicas that a cycle removed although portals may request them, for cycles whose
 * answer was lost.
 */
final class LastResorts {
  private LastResorts() {}

  /**
   * Returns the number of removed replicas that portals may request at {@code tick}, from workers
   * that hold a new replica of a visible chunk in their place. Other removals are no last resort.
   */
  static int between(LifecycleView before, LifecycleView after, long tick) {
    Set<WorkerId> given = givenVisibleOnes(before, after);
    int[] count = {0};
    before.forEachChunk(chunk -> {
      for (int slot : ReplicaSlots.of(before, chunk)) {
        boolean mayBeAsked = before.readable(slot, tick) && given.contains(holder(before, slot));
        count[0] += mayBeAsked && !isThere(after, before, slot) ? 1 : 0;
      }
    });
    return count[0];
  }

  private static Set<WorkerId> givenVisibleOnes(LifecycleView before, LifecycleView after) {
    Set<WorkerId> given = new HashSet<>();
    after.forEachChunk(chunk -> {
      boolean isVisible = after.chunkState(chunk) == ChunkState.VISIBLE;
      for (int slot : isVisible ? ReplicaSlots.of(after, chunk) : List.<Integer>of()) {
        if (!isThere(before, after, slot)) {
          given.add(holder(after, slot));
        }
      }
    });
    return given;
  }

  private static WorkerId holder(LifecycleView books, int slot) {
    return books.workerId(books.replicaWorker(slot));
  }

  private static boolean isThere(LifecycleView view, LifecycleView other, int slot) {
    int chunk = view.chunkPosition(other.chunkKey(other.replicaChunk(slot)));
    int worker = view.workerPosition(holder(other, slot));
    return chunk >= 0 && worker >= 0 && view.findReplica(chunk, worker) >= 0;
  }
}
