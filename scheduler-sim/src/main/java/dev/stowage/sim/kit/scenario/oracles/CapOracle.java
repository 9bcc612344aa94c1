package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Result;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * An oracle of caps: a cycle makes no more replicas of a chunk than its weight can earn, or than
 * announced absences of its holders ask for. Replicas that exist may stay for a while (they serve
 * until others do), and replicas that an inventory brought back are no additions. It only detects.
 * Not thread-safe.
 */
public final class CapOracle {
  private final LifecycleView fleet;
  private final Map<DatasetId, Long> lastBlocks = new TreeMap<>();

  private CapOracle(LifecycleView fleet) {
    this.fleet = fleet;
    fleet.forEachChunk(chunk -> {
      if (fleet.isLive(chunk)) {
        lastBlocks.merge(
            fleet.chunkKey(chunk).dataset(), fleet.chunkRange(chunk).last(), Math::max);
      }
    });
  }

  /** Returns a chunk that a cycle gave more replicas than both its cap and its previous count. */
  public static Optional<Finding> grewBeyond(
      LifecycleView before, LifecycleView after, Result.Scheduled cycle) {
    CapOracle was = new CapOracle(before);
    CapOracle is = new CapOracle(after);
    List<Finding> found = new ArrayList<>();
    after.forEachChunk(chunk -> {
      if (found.isEmpty() && after.isLive(chunk)) {
        is.judge(chunk, was, cycle.tick().value()).ifPresent(found::add);
      }
    });
    return found.stream().findFirst();
  }

  private Optional<Finding> judge(int chunk, CapOracle was, long now) {
    int chunkBefore = was.fleet.chunkPosition(fleet.chunkKey(chunk));
    int wanted = 0;
    int added = 0;
    int had = chunkBefore < 0 ? 0 : was.assigned(chunkBefore);
    for (int slot : ReplicaSlots.of(fleet, chunk)) {
      boolean isWanted =
          fleet.supersededAt(slot) == 0
              && fleet.isPresent(fleet.replicaWorker(slot))
              && !FloorOracle.isGivenUp(fleet, slot, now);
      int slotBefore = chunkBefore < 0 ? LifecycleView.NONE : was.find(chunkBefore, slot, fleet);
      boolean isBack = slotBefore == LifecycleView.NONE && fleet.reportedPossessed(slot);
      boolean wasWanted =
          slotBefore != LifecycleView.NONE && was.fleet.supersededAt(slotBefore) == 0;
      wanted += isWanted ? 1 : 0;
      had += isBack ? 1 : 0;
      added += isWanted && !isBack && !wasWanted ? 1 : 0;
    }
    int most = most(chunk);
    most = chunkBefore < 0 ? most : Math.max(most, was.most(chunkBefore));
    return added > 0 && wanted > Math.max(had, most)
        ? Optional.of(
            new Finding(
                "caps",
                fleet.chunkKey(chunk)
                    + " has "
                    + wanted
                    + " replicas, "
                    + added
                    + " of them added, but its weight earns at most "
                    + most))
        : Optional.empty();
  }

  private int find(int chunk, int slotOfOther, LifecycleView other) {
    int worker = fleet.workerPosition(other.workerId(other.replicaWorker(slotOfOther)));
    return worker < 0 ? LifecycleView.NONE : fleet.findReplica(chunk, worker);
  }

  private int assigned(int chunk) {
    return (int)
        ReplicaSlots.of(fleet, chunk).stream()
            .filter(slot -> fleet.supersededAt(slot) == 0)
            .count();
  }

  /** Returns the copies that announced absences of its holders ask for, with those they hold. */
  private int withThoseAway(int chunk) {
    int asked = 0;
    int held = 0;
    boolean isFloorAsked = fleet.chunkState(chunk) != ChunkState.VISIBLE;
    for (int slot : ReplicaSlots.of(fleet, chunk)) {
      int holder = fleet.replicaWorker(slot);
      Worker described = fleet.workerRow(holder).description();
      isFloorAsked |= fleet.isPresent(holder) && described.status() == WorkerStatus.LEAVING;
      int copies = fleet.workerRow(holder).leastCopies();
      asked = Math.max(asked, copies);
      held += copies > 0 && fleet.supersededAt(slot) == 0 ? 1 : 0;
    }
    return asked == 0 ? 0 : held + (isFloorAsked ? Math.max(asked, fleet.floor(chunk)) : asked);
  }

  private int most(int chunk) {
    long last = lastBlocks.getOrDefault(fleet.chunkKey(chunk).dataset(), -1L);
    long block = fleet.chunkRange(chunk).first();
    long latest = -1;
    OptionalInt max = OptionalInt.empty();
    for (WeightPolicy.Segment segment :
        fleet.config().weights().segments(fleet.chunkKey(chunk).dataset())) {
      long start = segment.from() < 0 ? Math.max(0, last + 1 + segment.from()) : segment.from();
      if (start <= block && start >= latest && segment.max().isPresent()) {
        latest = start;
        max = segment.max();
      }
    }
    int earned = Math.max(fleet.floor(chunk), max.orElse(fleet.config().maxReplication()));
    return Math.max(earned, withThoseAway(chunk));
  }
}
