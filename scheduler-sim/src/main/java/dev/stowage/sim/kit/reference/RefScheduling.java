package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.HoldUntil;
import dev.stowage.lifecycle.Origin;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The scheduling cycle, section 3. */
final class RefScheduling {
  private final RefFleet fleet;
  private final long tick;
  private final LeaderCommand.Schedule asked;
  private final List<ChunkKey> admitted = new ArrayList<>();
  private final List<ChunkKey> rejected = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private int held;
  private int added;
  private int readopted;
  private int preempted;
  private int lastResort;
  private int settled;
  private boolean isMore;
  private List<WorkerId> guarded = List.of();
  private Optional<HoldUntil.Wait> hold = Optional.empty();
  private @Nullable PlanAsInput reading;

  RefScheduling(RefFleet fleet, long tick, LeaderCommand.Schedule asked) {
    this.fleet = fleet;
    this.tick = tick;
    this.asked = asked;
  }

  List<String> differences() {
    return differences;
  }

  /** Runs the cycle; {@code made} is null if the planner was not asked. */
  String run(@Nullable RefPlan made) {
    guarded = new RefNews(fleet, tick).takeIn(true, asked.waiting());
    RefDeletions deletions = new RefDeletions(fleet, tick);
    settleDepartures();
    settleChunks(false);
    fleet.workers.values().forEach(this::forgetUnknownBytes);
    new RefIngesters(fleet).admitOffered(tick, admitted, rejected);
    fleet.endRaises();
    condemn(deletions);
    List<RefReplica> superseded = new ArrayList<>();
    int struck = 0;
    hold = fleet.hold();
    fleet.isHoldOver |= hold.isEmpty() && !fleet.config.holdUntil().equals(HoldUntil.NONE);
    RefPlan plan = hold.isPresent() ? null : made;
    if (plan != null && plan.madeFrom() != null) {
      struck = carryOutLate(plan.plan(), plan.madeFrom(), deletions, superseded);
    } else if (plan != null) {
      reading = new PlanAsInput(fleet, deletions, tick, asked.advice().newest());
      differences.addAll(reading.differences(plan.plan().input()));
      if (differences.isEmpty()) {
        List<PlannedStep> all = reading.steps(plan.plan());
        RefStrikes strikes = new RefStrikes(fleet, deletions, tick, plan.plan(), all);
        List<PlannedStep> standing = strikes.standingInTime();
        isMore = strikes.isPostponing();
        carryOut(standing, deletions, superseded);
        struck = all.size() - standing.size();
      }
    }
    for (RefChunk chunk : fleet.chunks.values()) {
      for (WorkerId id : List.copyOf(chunk.replicas.keySet())) {
        if (deletions.isCondemned(chunk, id) && !fleet.replica(chunk, id).isAssigned()) {
          chunk.remove(id);
          settled++;
        }
      }
    }
    settleChunks(true);
    endBondsOfEmptied();
    Optional<WorkerAssignmentId> minted = mint();
    superseded.forEach(replica -> replica.supersededAt = fleet.workerAssignment);
    if (reading != null && plan != null && differences.isEmpty()) {
      differences.addAll(new RefStuck(fleet, tick).differences(reading, plan.plan()));
    }
    return words(minted, superseded.size(), struck);
  }

  private void endBondsOfEmptied() {
    fleet.workers.forEach((id, worker) -> {
      if (fleet.chunks.values().stream().noneMatch(it -> it.replicas.containsKey(id))) {
        worker.description = worker.description.withReplacement(Optional.empty());
      }
    });
  }

  /**
   * Carries out the actions of a plan that still fit after news overtook it. The plan is judged by
   * the fleet it was made from, where all of it would have been carried out.
   */
  private int carryOutLate(
      PlacementPlan plan, RefFleet from, RefDeletions deletions, List<RefReplica> superseded) {
    from.advance(tick, false);
    RefScheduling inTime = new RefScheduling(from, tick, asked);
    PlanAsInput named = inTime.named(plan);
    differences.addAll(inTime.differences);
    fleet.stuck = from.stuck;
    if (named == null) {
      return 0;
    }
    List<PlannedStep> all = named.steps(plan);
    RefStrikes strikes = new RefStrikes(fleet, deletions, tick, plan, all);
    List<PlannedStep> standing = strikes.standing();
    isMore = strikes.isPostponing();
    carryOut(standing, deletions, superseded);
    return all.size() - standing.size();
  }

  private @Nullable PlanAsInput named(PlacementPlan plan) {
    run(new RefPlan(plan, null));
    return differences.isEmpty() ? reading : null;
  }

  private void carryOut(
      List<PlannedStep> steps, RefDeletions deletions, List<RefReplica> superseded) {
    apply(steps, deletions, superseded);
    if (fleet.hasDomainLimits()) {
      steps.forEach(step -> requireRoomInDomains(step, superseded));
    }
  }

  private String words(Optional<WorkerAssignmentId> minted, int superseded, int struck) {
    TreeMap<String, Object> words = new TreeMap<>();
    words.put("minted", minted);
    words.put("admitted", admitted);
    words.put("rejected", rejected);
    words.put("held", held);
    words.put("struck", struck);
    words.put("more", hold.isEmpty() && (isMore || asked.advice().newest().isPresent()));
    words.put("held", hold);
    words.put(
        "unplaced",
        fleet.chunks.values().stream()
            .filter(it -> it.state == ChunkState.ADMITTED && !it.isMarked && !it.isEstablished)
            .count());
    words.put("guarded", guarded);
    words.put("stuck", hold.isPresent() ? List.of() : fleet.stuck);
    List<WorkerId> unknown = new ArrayList<>();
    fleet.workers.forEach((id, worker) -> {
      if (!worker.unknownBytes.isEmpty()) {
        unknown.add(id);
      }
    });
    words.put("unknown bytes", unknown);
    words.put("moved", List.of(added, readopted, superseded, preempted, lastResort, settled));
    return Tick.of(tick) + " " + words;
  }

  // ---- step 1 ----

  private void settleDepartures() {
    if (fleet.isPaused(tick)) {
      return;
    }
    for (RefChunk chunk : fleet.chunks.values()) {
      for (WorkerId id : List.copyOf(chunk.replicas.keySet())) {
        boolean isWorthless =
            fleet.replica(chunk, id).isOfLostDisk
                && !fleet.possessed(chunk, id)
                && !fleet.readable(chunk, id, tick);
        if (fleet.holder(id).isDeparted() || (isWorthless && !fleet.isRuled(chunk))) {
          chunk.remove(id);
        }
      }
    }
  }

  /** Ends chunks whose time is over, those that rules count only after the plan. */
  private void settleChunks(boolean isPlanned) {
    for (RefChunk chunk : fleet.chunks.values()) {
      boolean isNeverSeen = chunk.state == ChunkState.ADMITTED && chunk.isMarked;
      boolean isOver = chunk.state == ChunkState.DROPPED && tick >= chunk.endTick;
      boolean mustWait = !chunk.replicas.isEmpty() && fleet.isPaused(tick);
      boolean isLater = !isPlanned && !chunk.replicas.isEmpty() && fleet.isRuled(chunk);
      if ((isNeverSeen || isOver) && !mustWait && !isLater) {
        chunk.state = ChunkState.TOMBSTONE;
        chunk.endTick = tick;
        chunk.replicas.clear();
      }
    }
  }

  private void forgetUnknownBytes(RefWorker worker) {
    if (tick >= RefFleet.plus(fleet.era().beganTick(), fleet.config.orphanAfterTicks())) {
      worker.unknownBytes = List.of();
    }
  }

  private void condemn(RefDeletions deletions) {
    for (RefChunk chunk : fleet.canonicalChunks()) {
      chunk.replicas.forEach((id, replica) -> {
        boolean isFoundNow = replica.supersededAt > fleet.workerAssignment;
        if (replica.isAssigned() || isFoundNow || fleet.readable(chunk, id, tick)) {
          return;
        }
        if (deletions.lets(chunk, id)) {
          deletions.condemn(chunk, id);
        } else {
          held++;
        }
      });
    }
  }

  // ---- step 4 ----

  private void apply(List<PlannedStep> steps, RefDeletions deletions, List<RefReplica> superseded) {
    for (PlannedStep step : steps) {
      if (step.kind() == ActionKind.PREEMPT) {
        preempt(step, steps, deletions);
      }
    }
    for (PlannedStep step : steps) {
      switch (step.kind()) {
        case ADD, READOPT -> want(step);
        case SUPERSEDE -> {
          RefReplica replica = step.chunk().replicas.get(step.worker());
          if (replica == null || !replica.isAssigned()) {
            differences.add("the plan supersedes a replica that is not assigned: " + step);
          } else {
            superseded.add(replica);
          }
        }
        case PREEMPT -> {}
      }
    }
  }

  /** Records a difference if a step leaves a domain with more replicas than its limit. */
  private void requireRoomInDomains(PlannedStep step, List<RefReplica> superseded) {
    if (step.kind() != ActionKind.ADD && step.kind() != ActionKind.READOPT) {
      return;
    }
    Map<WorkerId, RefReplica> all = step.chunk().replicas;
    boolean isRoom =
        fleet.isWithinDomains(
            step.worker(),
            id -> {
              RefReplica replica = all.get(id);
              boolean isWanted =
                  replica != null && replica.isAssigned() && !superseded.contains(replica);
              return isWanted && !fleet.holder(id).isDeparted();
            });
    if (!isRoom) {
      differences.add("the plan gives a domain too many replicas: " + step);
    }
  }

  private void preempt(PlannedStep step, List<PlannedStep> steps, RefDeletions deletions) {
    RefChunk chunk = step.chunk();
    boolean isThere = chunk.replicas.containsKey(step.worker());
    boolean isFree = isThere && deletions.isCondemned(chunk, step.worker());
    if (!isThere || (!isFree && !deletions.lets(chunk, step.worker()))) {
      differences.add("the plan preempts a replica that it may not: " + step);
      return;
    }
    boolean isRouted = fleet.routed(chunk, step.worker());
    if (isRouted && routedThen(chunk, steps) < fleet.floor(chunk)) {
      differences.add("the plan preempts below the floor of routed replicas: " + step);
    }
    lastResort += fleet.readable(chunk, step.worker(), tick) ? 1 : 0;
    chunk.remove(step.worker());
    preempted++;
  }

  private int routedThen(RefChunk chunk, List<PlannedStep> steps) {
    int routed = 0;
    for (WorkerId id : chunk.replicas.keySet()) {
      boolean isAssigned = fleet.replica(chunk, id).isAssigned();
      for (PlannedStep step : steps) {
        if (step.chunk() == chunk && step.worker().equals(id)) {
          isAssigned = step.kind() == ActionKind.ADD || step.kind() == ActionKind.READOPT;
        }
      }
      boolean serves = fleet.routed(chunk, id) && fleet.holder(id).isCounted();
      routed += serves && isAssigned ? 1 : 0;
    }
    return routed;
  }

  private void want(PlannedStep step) {
    RefChunk chunk = step.chunk();
    RefReplica replica = chunk.replicas.get(step.worker());
    if (replica == null) {
      Origin came = Origin.valueOf(step.cause().name());
      chunk.replicas.put(step.worker(), new RefReplica(fleet.workerAssignment + 1, came));
      chunk.isEstablished = true;
      added++;
    } else if (!replica.isAssigned()) {
      replica.supersededAt = 0;
      replica.releasedAt = 0;
      replica.isOfLostDisk = false;
      readopted++;
    }
  }

  // ---- published documents ----

  /** Returns a new id, or empty if the assignment equals the last published one. */
  private Optional<WorkerAssignmentId> mint() {
    RefFleet.WorkerBook book = book();
    if (book.equals(fleet.published)) {
      return Optional.empty();
    }
    fleet.published = book;
    return Optional.of(WorkerAssignmentId.of(++fleet.workerAssignment));
  }

  private RefFleet.WorkerBook book() {
    Map<ChunkKey, Map<WorkerId, RefFleet.Told>> pairs = new TreeMap<>();
    Map<WorkerId, Incarnation> lives = new TreeMap<>();
    for (RefChunk chunk : fleet.chunks.values()) {
      ChunkNumber number = chunk.number;
      if (number == null || chunk.replicas.isEmpty()) {
        continue;
      }
      Map<WorkerId, RefFleet.Told> of = new TreeMap<>();
      chunk.replicas.forEach((id, replica) -> {
        of.put(id, new RefFleet.Told(number, replica.since));
        lives.put(id, Incarnation.of(fleet.holder(id).incarnation));
      });
      pairs.put(chunk.key, of);
    }
    return new RefFleet.WorkerBook(pairs, lives);
  }
}
