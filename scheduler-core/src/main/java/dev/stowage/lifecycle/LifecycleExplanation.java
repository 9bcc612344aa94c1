package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Why the lifecycle does not do what somebody expects: which condition of which rule is not met,
 * with the numbers. Computed on demand from a view; costs one look at the chunks it is about.
 *
 * @param question what was asked
 * @param reasons every condition that is not met, in the order of the rule; empty: nothing is in
 *     the way, the next cycle does it, or it is done
 */
public record LifecycleExplanation(String question, List<String> reasons) {
  /** Copies the list. */
  public LifecycleExplanation {
    Objects.requireNonNull(question, "question");
    reasons = List.copyOf(reasons);
  }

  /** Why portals do not see a chunk (section 4, steps 1 and 2). */
  public static LifecycleExplanation whyNotVisible(LifecycleView view, ChunkKey key) {
    String question = "Why is " + key + " not visible?";
    int chunk = view.chunkPosition(key);
    if (chunk < 0) {
      return new LifecycleExplanation(question, List.of("it is unknown"));
    }
    List<String> reasons = new ArrayList<>();
    ChunkRow row = view.chunkRow(chunk);
    if (row.state() == ChunkState.VISIBLE) {
      return new LifecycleExplanation(question, reasons);
    }
    if (row.state() != ChunkState.ADMITTED) {
      String by = row.rejectedBy() == null ? "" : " by " + row.rejectedBy();
      reasons.add("it is " + row.state() + by);
      return new LifecycleExplanation(question, reasons);
    }
    if (row.marked()) {
      reasons.add("it is marked for removal");
    }
    promotionReasons(view, chunk, reasons);
    long swap = view.tables().swaps.pendingProducing(chunk);
    if (swap != 0) {
      reasons.add("it is on the new side of swap " + swap + ", which has not fired");
      whySwapWaits(view, swap).reasons().forEach(why -> reasons.add("swap " + swap + ": " + why));
    }
    return new LifecycleExplanation(question, reasons);
  }

  /** Why a swap has not fired (section 4, step 1). */
  public static LifecycleExplanation whySwapWaits(LifecycleView view, long swapId) {
    String question = "Why has swap " + swapId + " not fired?";
    SwapRow swap = view.swap(swapId).orElse(null);
    if (swap == null) {
      return new LifecycleExplanation(question, List.of("it is unknown"));
    }
    List<String> reasons = new ArrayList<>();
    if (!swap.isPending()) {
      if (swap.state() == SwapState.CANCELLED) {
        reasons.add("it was cancelled at tick " + swap.endTick());
      }
      return new LifecycleExplanation(question, reasons);
    }
    for (ChunkKey key : swap.newChunks()) {
      List<String> missing = new ArrayList<>();
      promotionReasons(view, view.chunkPosition(key), missing);
      missing.forEach(why -> reasons.add(key + ": " + why));
    }
    for (ChunkKey key : swap.oldChunks()) {
      long earlier = view.tables().swaps.pendingProducing(view.chunkPosition(key));
      if (earlier != 0) {
        reasons.add("swap " + earlier + " still has to produce " + key);
      }
    }
    return new LifecycleExplanation(question, reasons);
  }

  /** Why a superseded or draining replica is still there (sections 2 and 4). */
  public static LifecycleExplanation whyDrainHeld(
      LifecycleView view, ChunkKey key, WorkerId worker) {
    String question = "Why does " + worker + " still hold " + key + "?";
    int chunk = view.chunkPosition(key);
    int holder = view.workerPosition(worker);
    int slot = chunk < 0 || holder < 0 ? LifecycleView.NONE : view.findReplica(chunk, holder);
    if (slot == LifecycleView.NONE) {
      return new LifecycleExplanation(question, List.of());
    }
    List<String> reasons = new ArrayList<>();
    long now = view.largestTick().value();
    if (view.replicaState(slot) == ReplicaState.ASSIGNED) {
      reasons.add("the plan wants it there");
      return new LifecycleExplanation(question, reasons);
    }
    if (view.routed(slot)) {
      releaseReasons(view, chunk, slot, reasons);
    } else if (view.isNamed(slot)) {
      reasons.add("the newest portal assignment names it, and no visibility cycle has run since");
    } else if (now < view.readableUntil(slot)) {
      reasons.add("portals may ask for it until tick " + view.readableUntil(slot));
    } else {
      deletionReasons(view, chunk, slot, reasons);
    }
    return new LifecycleExplanation(question, reasons);
  }

  private static void promotionReasons(LifecycleView view, int chunk, List<String> reasons) {
    int confirmed = 0;
    int proved = 0;
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      if (view.replicaState(slot) == ReplicaState.DRAINING) {
        continue;
      }
      int worker = view.replicaWorker(slot);
      confirmed += view.isPresent(worker) && view.confirmed(slot) ? 1 : 0;
      proved += view.isCounted(worker) && view.possessed(slot) ? 1 : 0;
    }
    if (view.firstReplica(chunk) == LifecycleView.NONE) {
      reasons.add("no worker has been told to hold it");
    } else if (confirmed == 0) {
      reasons.add("no present worker has confirmed it");
    }
    if (view.config().gates() == Gates.ON && proved < view.floor(chunk)) {
      String floor = proved + " of the floor of " + view.floor(chunk);
      reasons.add(floor + " replicas are possessed on counted workers");
    }
  }

  private static void releaseReasons(
      LifecycleView view, int chunk, int slot, List<String> reasons) {
    int assigned = 0;
    int routed = 0;
    int have = 0;
    boolean onCounted = view.isCounted(view.replicaWorker(slot));
    for (int other = view.firstReplica(chunk);
        other != LifecycleView.NONE;
        other = view.nextReplica(other)) {
      boolean isAssigned = view.replicaState(other) == ReplicaState.ASSIGNED;
      assigned += isAssigned ? 1 : 0;
      routed += view.routed(other) ? 1 : 0;
      boolean serves = isAssigned && view.routed(other);
      have += serves && (!onCounted || view.isCounted(view.replicaWorker(other))) ? 1 : 0;
    }
    boolean isGated = view.config().gates() == Gates.ON;
    int need = isGated ? Math.min(Math.max(view.floor(chunk), assigned), routed) : 1;
    if (have < need) {
      reasons.add(have + " of " + need + " wanted replicas are routed; it serves until they are");
    }
    boolean waits =
        !view.config().confirmation().isPerWorker() && view.watermark() < view.supersededAt(slot);
    if (waits) {
      String mark = "the watermark is " + view.watermark();
      reasons.add(mark + ", below " + view.supersededAt(slot) + ", which superseded it");
    }
  }

  private static void deletionReasons(
      LifecycleView view, int chunk, int slot, List<String> reasons) {
    if (view.isPaused(view.largestTick().value())) {
      reasons.add("nothing is deleted in the pause after the lineage began");
      return;
    }
    Rules rules = view.tables().rules;
    int counted = rules.possessedOnCounted(chunk);
    int present = rules.possessedOnPresent(chunk);
    boolean isPossessed = view.possessed(slot);
    int left = counted - (isPossessed && view.isCounted(view.replicaWorker(slot)) ? 1 : 0);
    int least = Math.min(view.floor(chunk), present);
    if (view.isEstablished(chunk) && view.isOncePossessed(chunk) && left == 0) {
      reasons.add("no possessed replica would be left on a counted worker");
    } else if (isPossessed && left < least) {
      String found = left + " possessed replicas would be left on counted workers";
      reasons.add(found + ", the deletion rule wants " + least);
    }
  }
}
