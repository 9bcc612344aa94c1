package dev.stowage.sim.kit.reference;

import dev.stowage.config.Reason;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which actions of a plan still fit a fleet that changed after the plan was made (lifecycle
 * design, section 3, step 4). It strikes one action at a time and starts over after each.
 */
final class RefStrikes {
  private final RefFleet fleet;
  private final RefDeletions deletions;
  private final long tick;
  private final PlacementPlan plan;
  private final List<PlannedStep> steps;
  private final boolean[] struck;
  private boolean isPostponing;

  RefStrikes(
      RefFleet fleet,
      RefDeletions deletions,
      long tick,
      PlacementPlan plan,
      List<PlannedStep> steps) {
    this.fleet = fleet;
    this.deletions = deletions;
    this.tick = tick;
    this.plan = plan;
    this.steps = steps;
    struck = new boolean[steps.size()];
  }

  /** Returns the actions of a plan that news overtook. */
  List<PlannedStep> standing() {
    strikeWhatDoesNotFit();
    return standingInTime();
  }

  /** Returns the actions of a plan of this very fleet, which all fit. */
  List<PlannedStep> standingInTime() {
    isPostponing = postpone();
    if (isPostponing) {
      strikeWhatDoesNotFit();
    }
    List<PlannedStep> standing = new ArrayList<>();
    for (int at = 0; at < steps.size(); at++) {
      if (!struck[at]) {
        PlannedStep step = steps.get(at);
        standing.add(
            new PlannedStep(
                step.kind(), step.cause(), Objects.requireNonNull(chunk(at)), step.worker()));
      }
    }
    return standing;
  }

  /** Reports whether new chunks wait for the next cycle, because this one has its fill. */
  boolean isPostponing() {
    return isPostponing;
  }

  private void strikeWhatDoesNotFit() {
    boolean isMore = true;
    while (isMore) {
      isMore = strikeStale();
      isMore |= strikePartners();
      isMore |= strikeDeletions();
      isMore |= strikeWithoutRoom();
      isMore |= strikeBeyondDomains();
      isMore |= strikeWhatRulesForbid();
      isMore |= strikeIncomplete();
    }
  }

  /** Strikes the new chunks beyond the bound of a cycle, the sides of swaps as a whole. */
  private boolean postpone() {
    Set<RefChunk> placed = new LinkedHashSet<>();
    for (int at = 0; at < steps.size(); at++) {
      RefChunk chunk = chunk(at);
      if (chunk != null && !chunk.isEstablished && isAddition(at) && !struck[at]) {
        placed.add(chunk);
      }
    }
    Set<RefChunk> taken = new HashSet<>();
    for (RefChunk chunk : placed) {
      if (!taken.contains(chunk)) {
        Set<RefChunk> whole = whole(chunk, placed, taken);
        boolean isFull = taken.size() + whole.size() > fleet.config.maxChunksPerCycle();
        if (isFull && !taken.isEmpty()) {
          break;
        }
        taken.addAll(whole);
      }
    }
    boolean isMore = false;
    for (int at = 0; at < steps.size(); at++) {
      RefChunk chunk = chunk(at);
      boolean isBeyond = chunk != null && placed.contains(chunk) && !taken.contains(chunk);
      isMore |= isBeyond && isAddition(at) && strike(at);
    }
    return isMore;
  }

  /** Returns a chunk with what is placed beside it and below it in swaps. */
  private Set<RefChunk> whole(RefChunk top, Set<RefChunk> placed, Set<RefChunk> taken) {
    Set<RefChunk> whole = new HashSet<>(Set.of(top));
    List<RefChunk> open = new ArrayList<>(List.of(top));
    Set<RefChunk> seen = new HashSet<>();
    while (!open.isEmpty()) {
      RefSwap swap = fleet.producing(open.remove(0).key);
      if (swap != null) {
        for (var key : swap.newSide()) {
          RefChunk beside = fleet.chunks.get(key);
          if (beside != null && placed.contains(beside) && !taken.contains(beside)) {
            whole.add(beside);
          }
        }
        for (var key : swap.oldSide()) {
          RefChunk below = fleet.chunks.get(key);
          boolean isOpen = below != null && placed.contains(below) && !taken.contains(below);
          if (isOpen && seen.add(below)) {
            open.add(below);
          }
        }
      }
    }
    return whole;
  }

  private boolean strike(int at) {
    boolean isNew = !struck[at];
    struck[at] = true;
    return isNew;
  }

  private @Nullable RefChunk chunk(int at) {
    RefChunk planned = steps.get(at).chunk();
    RefChunk now = fleet.chunks.get(planned.key);
    return now != null && Objects.equals(now.number, planned.number) ? now : null;
  }

  private @Nullable RefReplica replica(int at) {
    RefChunk chunk = chunk(at);
    return chunk == null ? null : chunk.replicas.get(steps.get(at).worker());
  }

  private boolean isAddition(int at) {
    ActionKind kind = steps.get(at).kind();
    return kind == ActionKind.ADD || kind == ActionKind.READOPT;
  }

  private boolean strikeStale() {
    boolean isMore = false;
    for (int at = 0; at < steps.size(); at++) {
      isMore |= !struck[at] && isStale(at) && strike(at);
    }
    return isMore;
  }

  private boolean isStale(int at) {
    RefChunk chunk = chunk(at);
    RefWorker holder = fleet.workers.get(steps.get(at).worker());
    if (chunk == null || holder == null) {
      return true;
    }
    RefReplica replica = replica(at);
    return switch (steps.get(at).kind()) {
      case ADD -> !chunk.isLive() || !(replica == null ? holder.isPlaceable() : holder.isPresent());
      case READOPT -> replica == null || !chunk.isLive() || !holder.isPresent();
      case SUPERSEDE -> replica == null || !replica.isAssigned();
      case PREEMPT -> replica == null;
    };
  }

  private boolean strikePartners() {
    boolean isMore = false;
    for (int at = 0; at < steps.size(); at++) {
      int partner = plan.partner(at);
      isMore |= partner != PlacementPlan.NO_PARTNER && struck[partner] && strike(at);
    }
    return isMore;
  }

  private boolean strikeDeletions() {
    RefDeletions trial = deletions.copy();
    boolean isMore = false;
    for (int at = 0; at < steps.size(); at++) {
      boolean isDeletion = !struck[at] && steps.get(at).kind() == ActionKind.PREEMPT;
      RefChunk chunk = chunk(at);
      if (isDeletion && chunk != null && !isCondemned(at)) {
        boolean isLet = mayPreempt(at, chunk) && trial.lets(chunk, steps.get(at).worker());
        int partner = plan.partner(at);
        isMore |= !isLet && strike(at);
        isMore |= !isLet && partner != PlacementPlan.NO_PARTNER && strike(partner);
      }
    }
    return isMore;
  }

  private boolean mayPreempt(int at, RefChunk chunk) {
    WorkerId worker = steps.get(at).worker();
    if (!fleet.readable(chunk, worker, tick)) {
      return true;
    }
    int routed = 0;
    for (WorkerId id : chunk.replicas.keySet()) {
      boolean serves = fleet.routed(chunk, id) && fleet.holder(id).isCounted();
      routed += serves && isWantedThen(chunk, id) ? 1 : 0;
    }
    boolean isKept = !fleet.routed(chunk, worker) || routed >= fleet.floor(chunk);
    return plan.reason(at) == Reason.READABLE && isKept;
  }

  private boolean isWantedThen(RefChunk chunk, WorkerId id) {
    RefReplica replica = chunk.replicas.get(id);
    boolean isWanted = replica != null && replica.isAssigned();
    for (int at = 0; at < steps.size(); at++) {
      if (!struck[at] && chunk(at) == chunk && steps.get(at).worker().equals(id)) {
        isWanted = isAddition(at);
      }
    }
    return isWanted;
  }

  private boolean isCondemned(int at) {
    RefChunk chunk = chunk(at);
    return chunk != null
        && replica(at) != null
        && deletions.isCondemned(chunk, steps.get(at).worker());
  }

  private boolean takesRoom(int at) {
    return !struck[at] && isAddition(at) && (replica(at) == null || isCondemned(at));
  }

  /** Strikes the last addition to a worker that would hold too much. */
  private boolean strikeWithoutRoom() {
    Map<WorkerId, Long> room = new TreeMap<>();
    Map<WorkerId, Long> spare = new TreeMap<>();
    fleet.workers.forEach((id, worker) -> {
      room.put(id, worker.description.capacityBytes());
      spare.put(id, (long) worker.description.maxReplicas());
    });
    for (RefChunk chunk : fleet.chunks.values()) {
      for (WorkerId id : chunk.replicas.keySet()) {
        if (!deletions.isCondemned(chunk, id)) {
          take(room, spare, id, chunk.sizeBytes, 1);
        }
      }
    }
    for (int at = 0; at < steps.size(); at++) {
      RefChunk chunk = chunk(at);
      boolean isGoing = steps.get(at).kind() == ActionKind.PREEMPT && !isCondemned(at);
      if (chunk != null && !struck[at] && (isGoing || takesRoom(at))) {
        int sign = isGoing ? -1 : 1;
        take(room, spare, steps.get(at).worker(), sign * chunk.sizeBytes, sign);
      }
    }
    boolean isMore = false;
    for (int at = steps.size() - 1; at >= 0; at--) {
      WorkerId id = steps.get(at).worker();
      if (takesRoom(at) && (isOverdrawn(room, id) || isOverdrawn(spare, id))) {
        take(room, spare, id, -Objects.requireNonNull(chunk(at)).sizeBytes, -1);
        isMore |= strike(at);
      }
    }
    return isMore;
  }

  private static boolean isOverdrawn(Map<WorkerId, Long> left, WorkerId id) {
    return Objects.requireNonNull(left.get(id)) < 0;
  }

  private static void take(
      Map<WorkerId, Long> room, Map<WorkerId, Long> spare, WorkerId id, long bytes, long count) {
    room.merge(id, -bytes, Long::sum);
    spare.merge(id, -count, Long::sum);
  }

  /** Strikes the last addition to a domain that would exceed its limit. */
  private boolean strikeBeyondDomains() {
    boolean isMore = false;
    for (int at = steps.size() - 1; at >= 0; at--) {
      RefChunk chunk = chunk(at);
      RefReplica replica = replica(at);
      boolean isAdded = !struck[at] && isAddition(at) && (replica == null || !replica.isAssigned());
      isMore |= chunk != null && isAdded && isOver(chunk, steps.get(at).worker()) && strike(at);
    }
    return isMore;
  }

  private boolean isOver(RefChunk chunk, WorkerId worker) {
    return !fleet.isWithinDomains(
        worker, id -> isWantedThen(chunk, id) && fleet.holder(id).isPresent());
  }

  /** Strikes what rules forbid beside what a worker has, or is given by an earlier step. */
  private boolean strikeWhatRulesForbid() {
    boolean isMore = false;
    Map<WorkerId, Set<DatasetId>> given = new TreeMap<>();
    for (int at = 0; at < steps.size(); at++) {
      RefChunk chunk = chunk(at);
      if (chunk != null && !struck[at] && isAddition(at) && replica(at) == null) {
        Set<DatasetId> beside =
            given.computeIfAbsent(steps.get(at).worker(), id -> new HashSet<>());
        if (fleet.isForbidden(chunk, steps.get(at).worker(), beside)) {
          isMore |= strike(at);
        } else {
          beside.add(chunk.key.dataset());
        }
      }
    }
    return isMore;
  }

  /** Strikes incomplete placements of a new chunk, or of the new side of a swap. */
  private boolean strikeIncomplete() {
    Set<RefChunk> broken = new HashSet<>();
    Map<RefChunk, Integer> standing = new HashMap<>();
    for (int at = 0; at < steps.size(); at++) {
      RefChunk chunk = chunk(at);
      if (chunk != null && !chunk.isEstablished && isAddition(at)) {
        standing.merge(chunk, 1, Integer::sum);
        if (struck[at]) {
          broken.add(chunk);
        }
      }
    }
    standing.forEach((chunk, count) -> {
      if (count < fleet.floor(chunk)) {
        broken.add(chunk);
      }
    });
    List<RefChunk> open = new ArrayList<>(broken);
    while (!open.isEmpty()) {
      RefSwap swap = fleet.producing(open.remove(open.size() - 1).key);
      while (swap != null) {
        RefSwap resting = null;
        for (var key : swap.newSide()) {
          RefChunk beside = Objects.requireNonNull(fleet.chunks.get(key));
          if (!beside.isEstablished && broken.add(beside)) {
            open.add(beside);
          }
          RefSwap next = fleet.replacing(key);
          resting = next == null ? resting : next;
        }
        swap = resting;
      }
    }
    boolean isMore = false;
    for (int at = 0; at < steps.size(); at++) {
      isMore |= broken.contains(chunk(at)) && isAddition(at) && strike(at);
    }
    return isMore;
  }
}
