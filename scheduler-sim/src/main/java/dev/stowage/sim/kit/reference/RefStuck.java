package dev.stowage.sim.kit.reference;

import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What a plan says is stuck, as far as the books alone can tell whether it is. */
final class RefStuck {
  private final RefFleet fleet;
  private final long tick;
  private final List<String> differences = new ArrayList<>();
  private final TreeSet<String> pairs = new TreeSet<>();

  RefStuck(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  /** Looks at a plan that was carried out. */
  List<String> differences(PlanAsInput reading, PlacementPlan plan) {
    List<String> listed = new ArrayList<>();
    for (Stuck each : plan.stuck()) {
      RefChunk chunk = reading.chunk(each.chunk());
      WorkerId worker = plan.input().worker(each.worker()).id();
      listed.add(chunk.key + "@" + worker + " " + each.reason());
      pairs.add(chunk.key + "@" + worker);
      judge(each, chunk, worker);
    }
    fleet.stuck = listed;
    if (fleet.isFrozen) {
      fleet.chunks.values().forEach(this::requireAllOf);
    }
    return differences;
  }

  private void judge(Stuck each, RefChunk chunk, WorkerId worker) {
    RefReplica replica = chunk.replicas.get(worker);
    boolean isThere = replica != null && replica.isAssigned() && chunk.isLive();
    boolean isOfRoom = each.reason() == Hindrance.NO_ROOM;
    boolean isOfWorkers =
        each.reason() == Hindrance.TOO_FEW_WORKERS || each.reason() == Hindrance.DOMAIN_LIMIT;
    boolean isOfDomains = each.reason() == Hindrance.DOMAIN_LIMIT;
    boolean isSound =
        isThere
            && (each.reason() == Hindrance.FROZEN) == fleet.isFrozen
            && each.eligibleWorkers() <= takers(chunk)
            && (!isOfWorkers || (each.eligibleWorkers() == 0 && each.mostRoomBytes() == 0))
            && (!isOfDomains || (fleet.hasDomainLimits() && takers(chunk) > 0))
            && (!isOfRoom
                || (each.eligibleWorkers() > 0
                    && each.mostRoomBytes() < Math.max(1, chunk.sizeBytes)));
    if (!isSound) {
      differences.add("the plan says, and the model does not, stuck: " + each + " " + chunk.key);
    }
  }

  /** Workers that take replicas and have none of a chunk, whether or not they may hold it. */
  private long takers(RefChunk chunk) {
    return fleet.workers.entrySet().stream()
        .filter(each -> each.getValue().isPlaceable() && !chunk.replicas.containsKey(each.getKey()))
        .count();
  }

  /** In a frozen fleet nothing that is wanted on a leaving worker can go. */
  private void requireAllOf(RefChunk chunk) {
    chunk.replicas.forEach((id, replica) -> {
      boolean shouldGo =
          chunk.isLive()
              && replica.isAssigned()
              && isLeaving(fleet.holder(id))
              && !fleet.givenUp(chunk, id, tick);
      if (shouldGo && !pairs.contains(chunk.key + "@" + id)) {
        differences.add(
            "the fleet is frozen, and the plan does not say stuck: " + chunk.key + "@" + id);
      }
    });
  }

  private static boolean isLeaving(RefWorker worker) {
    return worker.absence == null && worker.description.status() == WorkerStatus.LEAVING;
  }
}
