package dev.stowage.sim.kit.reference;

import dev.stowage.command.PlacementWish;
import dev.stowage.config.Reason;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The stuck replicas of a plan, as far as the books alone can judge them. Every reason is checked;
 * frozen, pinned and unplaceable replicas must be listed. Whether a worker has room is left to the
 * plan.
 */
final class RefStuck {
  private final RefFleet fleet;
  private final long tick;
  private final List<String> differences = new ArrayList<>();
  private final TreeSet<String> pairs = new TreeSet<>();

  /**
   * The workers of replicas that the planner saw and the cycle deleted (preempted or given up), by
   * chunk. They held a replica when the plan was made.
   */
  private final Map<RefChunk, Set<WorkerId>> deleted = new HashMap<>();

  RefStuck(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  List<String> differences(PlanAsInput reading, PlacementPlan plan) {
    List<String> listed = new ArrayList<>();
    noteDeleted(reading, plan.input());
    for (Stuck each : plan.stuck()) {
      RefChunk chunk = reading.chunk(each.chunk());
      WorkerId worker = plan.input().worker(each.worker()).id();
      listed.add(chunk.key + "@" + worker + " " + each.reason());
      pairs.add(chunk.key + "@" + worker);
      judge(each, chunk, worker);
    }
    fleet.stuck = listed;
    fleet.chunks.values().forEach(this::requireAllOf);
    return differences;
  }

  private void noteDeleted(PlanAsInput reading, PlacementInput told) {
    for (int at = 0; at < told.chunkCount(); at++) {
      RefChunk chunk = reading.chunk(at);
      int end = at + 1 < told.chunkCount() ? told.replicaStart(at + 1) : told.replicaCount();
      for (int i = told.replicaStart(at); i < end; i++) {
        WorkerId worker = told.worker(told.replicaWorker(i)).id();
        if (!chunk.replicas.containsKey(worker)) {
          deleted.computeIfAbsent(chunk, key -> new HashSet<>()).add(worker);
        }
      }
    }
  }

  private void judge(Stuck each, RefChunk chunk, WorkerId worker) {
    RefReplica replica = chunk.replicas.get(worker);
    boolean isThere = replica != null && replica.isAssigned() && chunk.isLive();
    Reason reason = reason(chunk, worker);
    long takers = openTakers(chunk, worker);
    boolean isRuled = fleet.workers.keySet().stream().anyMatch(id -> fleet.mayRefuse(chunk, id));
    if (isThere && isRuled) {
      return; // whom a rule leaves the chunk to, only the plan knows
    }
    boolean isSound =
        isThere
            && each.reason() == reason
            && each.eligibleWorkers() == takers
            && (takers > 0 || each.mostRoomBytes() == 0)
            && (reason != Reason.NO_ROOM || each.mostRoomBytes() < Math.max(1, chunk.sizeBytes));
    if (!isSound) {
      differences.add(
          "the plan reports as stuck: "
              + each
              + " "
              + chunk.key
              + "@"
              + worker
              + "; the model says "
              + reason
              + " and "
              + takers
              + " workers");
    }
  }

  private Reason reason(RefChunk chunk, WorkerId worker) {
    if (fleet.isFrozen) {
      return Reason.FROZEN;
    }
    if (isWished(PlacementWish.Kind.PIN, chunk, worker)) {
      return Reason.PIN;
    }
    if (takers(chunk).isEmpty()) {
      return Reason.TOO_FEW_WORKERS;
    }
    return openTakers(chunk, worker) == 0 ? Reason.DOMAIN_LIMIT : Reason.NO_ROOM;
  }

  private List<WorkerId> takers(RefChunk chunk) {
    Set<WorkerId> had = deleted.getOrDefault(chunk, Set.of());
    return fleet.workers.keySet().stream()
        .filter(id ->
            !fleet.mayRefuse(chunk, id)
                && isHome(chunk, id)
                && !chunk.replicas.containsKey(id)
                && !had.contains(id))
        .toList();
  }

  private long openTakers(RefChunk chunk, WorkerId leaver) {
    return takers(chunk).stream().filter(id -> isOpen(chunk, leaver, id)).count();
  }

  private boolean isOpen(RefChunk chunk, WorkerId leaver, WorkerId taker) {
    return fleet.isWithinDomains(taker, id -> !id.equals(leaver) && counts(chunk, id));
  }

  /** Reports whether a replica counts for its domain: it is wanted, and pinned or not given up. */
  private boolean counts(RefChunk chunk, WorkerId id) {
    RefReplica replica = chunk.replicas.get(id);
    boolean isWanted = replica != null && replica.isAssigned() && fleet.holder(id).isPresent();
    return isWanted
        && (!fleet.givenUp(chunk, id, tick) || isWished(PlacementWish.Kind.PIN, chunk, id));
  }

  private boolean isHome(RefChunk chunk, WorkerId id) {
    return fleet.holder(id).isPlaceable()
        && RefPolicy.of(fleet, chunk).eligibility().admits(fleet.holder(id).description)
        && !isWished(PlacementWish.Kind.BAN, chunk, id);
  }

  private boolean isWished(PlacementWish.Kind kind, RefChunk chunk, WorkerId id) {
    return fleet.wishes.stream()
        .anyMatch(wish ->
            wish.kind() == kind
                && wish.worker().equals(id)
                && wish.dataset().equals(chunk.key.dataset())
                && wish.chunkId().map(chunk.key.id()::equals).orElse(true));
  }

  /**
   * Requires that the plan lists every wanted replica on a leaving worker that cannot move because
   * the fleet is frozen, it is pinned, or no eligible worker is left. Replicas of a chunk with a
   * deletion in this cycle may wait.
   */
  private void requireAllOf(RefChunk chunk) {
    chunk.replicas.forEach((id, replica) -> {
      boolean shouldGo =
          chunk.isLive()
              && replica.isAssigned()
              && isLeaving(fleet.holder(id))
              && !fleet.givenUp(chunk, id, tick);
      if (shouldGo && cannot(chunk, id) && !pairs.contains(chunk.key + "@" + id)) {
        differences.add(
            "the model reports as stuck, and the plan does not: "
                + chunk.key
                + "@"
                + id
                + " "
                + reason(chunk, id));
      }
    });
  }

  private boolean cannot(RefChunk chunk, WorkerId worker) {
    boolean isAlone =
        !deleted.containsKey(chunk)
            && chunk.replicas.entrySet().stream()
                .allMatch(each -> !isHome(chunk, each.getKey()) || each.getValue().isAssigned());
    Reason reason = reason(chunk, worker);
    return reason == Reason.FROZEN
        || reason == Reason.PIN
        || (isAlone && reason == Reason.TOO_FEW_WORKERS);
  }

  /** Reports whether a plan empties a worker; a worker that owes an inventory counts as suspect. */
  private static boolean isLeaving(RefWorker worker) {
    return worker.absence == null
        && !worker.isAway()
        && !worker.owesInventory
        && worker.description.status() == WorkerStatus.LEAVING;
  }
}
