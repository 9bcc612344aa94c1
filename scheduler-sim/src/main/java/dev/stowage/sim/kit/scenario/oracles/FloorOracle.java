package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Floors come before bonuses. Judged by what is certain: enough workers that would take what is
 * short, once bonus replicas are gone from them that no floor needs. It only detects. Not
 * thread-safe.
 */
public final class FloorOracle {
  private final LifecycleView fleet;

  /** The slots whose replicas a floor may rely on. */
  private final IntPredicate counts;

  /** The slots whose replicas might have made room, if their chunk has one to spare. */
  private final IntPredicate mayGo;

  /** The number of replicas that each chunk can still spare. */
  private final Map<ChunkKey, Integer> spare = new TreeMap<>();

  private FloorOracle(LifecycleView fleet, IntPredicate counts, IntPredicate mayGo) {
    this.fleet = fleet;
    this.counts = counts;
    this.mayGo = mayGo;
  }

  /**
   * Returns an incomplete floor that a cycle left while it grew other chunks above theirs where the
   * missing replicas would have found room. A replica that is possessed at once was not grown: an
   * inventory brought it back.
   */
  public static Optional<Finding> grewFirst(
      LifecycleView before, LifecycleView after, Result.Scheduled cycle) {
    long now = cycle.tick().value();
    IntPredicate isCounted =
        slot -> after.isCounted(after.replicaWorker(slot)) && !isGivenUp(after, slot, now);
    IntPredicate isNew =
        slot -> {
          int chunk = before.chunkPosition(after.chunkKey(after.replicaChunk(slot)));
          int worker = before.workerPosition(after.workerId(after.replicaWorker(slot)));
          boolean wasThere =
              chunk >= 0 && worker >= 0 && before.findReplica(chunk, worker) != LifecycleView.NONE;
          return !wasThere && !after.reportedPossessed(slot);
        };
    return judge("bonus before floor", cycle, after, isCounted, isNew);
  }

  /**
   * Returns an incomplete floor in a settled fleet where bonus replicas, all possessed, lie where
   * the missing ones would find room.
   */
  public static Optional<Finding> starved(LifecycleView settled, Result.Scheduled last) {
    IntPredicate isServing =
        slot -> settled.isCounted(settled.replicaWorker(slot)) && settled.reportedPossessed(slot);
    return judge("floors before bonuses", last, settled, isServing, isServing);
  }

  private static Optional<Finding> judge(
      String kind,
      Result.Scheduled cycle,
      LifecycleView fleet,
      IntPredicate counts,
      IntPredicate mayGo) {
    List<Result.Shortage> shortages = new ArrayList<>(cycle.deferred());
    shortages.addAll(cycle.shortfalls());
    if (shortages.isEmpty() || !fleet.wishes().isEmpty() || fleet.isFrozen()) {
      return Optional.empty();
    }
    for (Result.Shortage shortage : shortages) {
      int chunk = fleet.chunkPosition(shortage.chunk());
      // A new side is placed as a whole and in order: one chunk of it alone says nothing.
      boolean isAlone = chunk >= 0 && fleet.swapOf(shortage.chunk()).isEmpty();
      if (isAlone
          && fleet.isLive(chunk)
          && new FloorOracle(fleet, counts, mayGo).rooms(chunk) >= shortage.missing()) {
        return Optional.of(
            new Finding(
                kind,
                shortage.chunk()
                    + " lacks "
                    + shortage.missing()
                    + " replicas of its floor, which would fit where bonus replicas lie"));
      }
    }
    return Optional.empty();
  }

  /**
   * Reports whether a replica is missing for so long that no floor relies on it any more. Floors do
   * rely on it while no other worker has bytes that some worker once had: then the source is
   * missing.
   */
  static boolean isGivenUp(LifecycleView fleet, int slot, long now) {
    int chunk = fleet.replicaChunk(slot);
    boolean isStalled = UrgencyOracle.isAtRisk(fleet, chunk) && !isTaking(fleet, slot);
    LifecycleConfig config = fleet.config();
    long patience =
        isStalled
            ? Math.min(config.giveUpAfterTicks(), config.stallAfterTicks())
            : config.giveUpAfterTicks();
    return fleet.isMissing(slot)
        && patience != LifecycleConfig.NEVER
        && now - fleet.missingSince(slot) >= patience
        && (!fleet.isOncePossessed(chunk) || isPossessedAnywhere(fleet, chunk));
  }

  /** Reports whether a worker possesses what it was given with a replica or later. */
  private static boolean isTaking(LifecycleView fleet, int slot) {
    for (int other = fleet.firstReplicaOn(fleet.replicaWorker(slot));
        other != LifecycleView.NONE;
        other = fleet.nextReplicaOn(other)) {
      if (fleet.since(other) >= fleet.since(slot) && fleet.possessed(other)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPossessedAnywhere(LifecycleView fleet, int chunk) {
    return ReplicaSlots.of(fleet, chunk).stream()
        .anyMatch(slot -> fleet.possessed(slot) && fleet.isCounted(fleet.replicaWorker(slot)));
  }

  private int rooms(int chunk) {
    List<Integer> beside = new ArrayList<>();
    ReplicaSlots.of(fleet, chunk).forEach(slot -> beside.add(fleet.replicaWorker(slot)));
    int[] count = {0};
    fleet.forEachWorker(worker -> {
      boolean isWilling =
          fleet.workerRow(worker).status() == WorkerStatus.ACTIVE
              && fleet.isPlaceable(worker)
              && fleet.eligibility(chunk).admits(fleet.worker(worker))
              && fleet.findReplica(chunk, worker) == LifecycleView.NONE
              && ReplicaSlots.mayTake(fleet, chunk, worker, beside);
      if (isWilling && makesRoom(worker, chunk)) {
        beside.add(worker);
        count[0]++;
      }
    });
    return count[0];
  }

  private boolean makesRoom(int worker, int wanted) {
    List<Integer> slots = new ArrayList<>();
    long[] lacking = {fleet.chunkSizeBytes(wanted) - fleet.worker(worker).capacityBytes()};
    long tooMany = 1L - fleet.worker(worker).maxReplicas();
    fleet.forEachChunk(chunk -> {
      int slot = fleet.findReplica(chunk, worker);
      if (slot != LifecycleView.NONE) {
        slots.add(slot);
        lacking[0] += fleet.chunkSizeBytes(chunk);
      }
    });
    tooMany += slots.size();
    List<ChunkKey> gone = new ArrayList<>();
    for (int slot : slots) {
      int chunk = fleet.replicaChunk(slot);
      if ((lacking[0] > 0 || tooMany > 0) && findBonus(slot, chunk)) {
        lacking[0] -= fleet.chunkSizeBytes(chunk);
        tooMany--;
        gone.add(fleet.chunkKey(chunk));
      }
    }
    // Room that is there without that is for the audit of deferrals to find.
    if (lacking[0] > 0 || tooMany > 0 || gone.isEmpty()) {
      return false;
    }
    gone.forEach(key -> spare.merge(key, -1, Integer::sum));
    return true;
  }

  private boolean findBonus(int slot, int chunk) {
    return fleet.isLive(chunk)
        && fleet.supersededAt(slot) == 0
        && mayGo.test(slot)
        && spare.computeIfAbsent(fleet.chunkKey(chunk), key -> toSpare(chunk)) > 0;
  }

  private int toSpare(int chunk) {
    long assigned =
        ReplicaSlots.of(fleet, chunk).stream()
            .filter(slot -> fleet.supersededAt(slot) == 0 && counts.test(slot))
            .count();
    return (int) Math.max(0, assigned - ReplicaSlots.beforeBonuses(fleet, chunk));
  }
}
