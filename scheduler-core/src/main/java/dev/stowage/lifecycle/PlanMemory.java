package dev.stowage.lifecycle;

import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.Shortage;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers a plan that changed nothing: the planner is a pure function, so until something that it
 * depends on changes, it need not be asked again. A cache: losing it costs one plan.
 */
final class PlanMemory {
  private static final long NEVER_PLANNED = -1;

  private List<Result.Shortage> deferred = List.of();
  private List<Result.Shortage> shortfalls = List.of();
  private boolean isBackpressure;
  private long version = NEVER_PLANNED;
  private long goodUntil;

  List<Result.Shortage> deferred() {
    return deferred;
  }

  List<Result.Shortage> shortfalls() {
    return shortfalls;
  }

  boolean isBackpressure() {
    return isBackpressure;
  }

  boolean isFixedPoint(Tables tables, long tick) {
    return version == tables.planVersion && tick < goodUntil;
  }

  /** Keeps what a plan says. */
  void remember(PlacementPlan plan, PlanningInput.Prepared prepared) {
    deferred = translated(plan.deferrals(), prepared);
    shortfalls = translated(plan.shortfalls(), prepared);
    isBackpressure = plan.figures().backpressure() || !deferred.isEmpty() || !shortfalls.isEmpty();
    version = NEVER_PLANNED;
  }

  /**
   * The plan just remembered changes nothing: it holds until something it was made from changes.
   */
  void holds(Tables tables, long tick) {
    version = tables.planVersion;
    goodUntil = nextExpiry(tables, tick);
  }

  /** Forgets all, as after a load. */
  void forget() {
    version = NEVER_PLANNED;
  }

  /** The first tick at which time alone changes what the planner reads. */
  private static long nextExpiry(Tables tables, long tick) {
    long next = Long.MAX_VALUE;
    for (int chunk : tables.work.restless.toArray()) {
      next = Math.min(next, nextExpiry(tables, chunk, tick));
    }
    for (int chunk : tables.work.missing.toArray()) {
      next = Math.min(next, nextExpiry(tables, chunk, tick));
    }
    for (List<Long> lost : tables.chunks.losses.values()) {
      next =
          Math.min(next, Fleet.saturatedSum(lost.get(0), tables.fleet.config.regrowAfterTicks()));
    }
    return next;
  }

  private static long nextExpiry(Tables tables, int chunk, long tick) {
    long next = Long.MAX_VALUE;
    if (!tables.chunks.exists(chunk)) {
      return next;
    }
    ReplicaTable replicas = tables.replicas;
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = replicas.next(slot)) {
      if (replicas.readableUntil(slot) > tick) {
        next = Math.min(next, replicas.readableUntil(slot));
      }
      if (replicas.isMissing(slot)) {
        long patience = tables.fleet.config.giveUpAfterTicks();
        long givenUp = Fleet.saturatedSum(replicas.missingSince(slot), patience);
        next = givenUp > tick ? Math.min(next, givenUp) : next;
      }
    }
    return next;
  }

  private static List<Result.Shortage> translated(
      List<Shortage> shortages, PlanningInput.Prepared prepared) {
    List<Result.Shortage> all = new ArrayList<>(shortages.size());
    for (Shortage shortage : shortages) {
      String reason =
          shortage.reason()
              + ": "
              + shortage.eligibleWorkers()
              + " workers may take it, the most room on one is "
              + shortage.largestRoomBytes()
              + " bytes";
      int chunk = prepared.chunkOf()[shortage.chunk()];
      all.add(new Result.Shortage(prepared.facts().key(chunk), shortage.missing(), reason));
    }
    return all;
  }
}
