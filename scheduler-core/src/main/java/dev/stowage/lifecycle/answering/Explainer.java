package dev.stowage.lifecycle.answering;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Explanation;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.DeletionRule;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WishIndex;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names the conditions of the lifecycle's rules that a state does not meet. */
public final class Explainer {
  private Explainer() {}

  /** Explains why portals do not see a chunk (section 4, steps 1 and 2). */
  public static Explanation whyNotVisible(LifecycleView view, ChunkKey key) {
    String question = "Why is " + key + " not visible?";
    int chunk = view.chunkPosition(key);
    if (chunk < 0) {
      return new Explanation(question, List.of("it is unknown"));
    }
    List<String> reasons = new ArrayList<>();
    ChunkRow row = view.chunkRow(chunk);
    if (row.state() == ChunkState.VISIBLE) {
      return new Explanation(question, reasons);
    }
    if (row.state() != ChunkState.ADMITTED) {
      reasons.add(ended(view, row));
      return new Explanation(question, reasons);
    }
    if (row.marked()) {
      reasons.add("it is marked for removal");
    }
    promotionReasons(view, chunk, reasons);
    long swap = view.tables().swaps.pendingProducing(chunk);
    if (swap != 0) {
      reasons.add("it is on the new side of swap " + swap + ", which has not fired");
      whySwapWaits(view, swap).lines().forEach(why -> reasons.add("swap " + swap + ": " + why));
    } else if (reasons.isEmpty()) {
      overlapReasons(view, chunk, Set.of(), reasons);
    }
    return new Explanation(question, reasons);
  }

  private static String ended(LifecycleView view, ChunkRow row) {
    long now = view.largestTick().value();
    return switch (row.state()) {
      case OFFERED -> "it is offered since tick " + row.admittedTick() + ", not admitted yet";
      case REJECTED -> "it was rejected at tick " + row.endTick() + " by " + row.rejectedBy();
      case DROPPED ->
          "it was dropped; its drain window ends at tick " + row.endTick() + "; now is tick " + now;
      default -> "it is " + row.state() + " since tick " + row.endTick();
    };
  }

  /** Applies the backstop (section 4, step 6). */
  private static void overlapReasons(
      LifecycleView view, int chunk, Set<ChunkKey> leaving, List<String> reasons) {
    view.forEachOverlapping(
        view.chunkDataset(chunk),
        view.chunkRange(chunk),
        other -> {
          boolean stays =
              view.chunkState(other) == ChunkState.VISIBLE
                  && !view.isMarked(other)
                  && !leaving.contains(view.chunkKey(other));
          if (other != chunk && stays) {
            reasons.add(
                "its blocks "
                    + view.chunkRange(chunk)
                    + " overlap those of "
                    + view.chunkKey(other)
                    + ", "
                    + view.chunkRange(other)
                    + ", which is visible");
          }
        });
  }

  /** Explains why a swap has not fired (section 4, step 1). */
  public static Explanation whySwapWaits(LifecycleView view, long swapId) {
    String question = "Why has swap " + swapId + " not fired?";
    SwapRow swap = view.swap(swapId).orElse(null);
    if (swap == null) {
      return new Explanation(question, List.of("it is unknown"));
    }
    List<String> reasons = new ArrayList<>();
    if (!swap.isPending()) {
      if (swap.state() == SwapState.CANCELLED) {
        reasons.add("it was cancelled at tick " + swap.endTick());
      }
      return new Explanation(question, reasons);
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
    if (reasons.isEmpty()) {
      Set<ChunkKey> leaving = new HashSet<>(swap.oldChunks());
      for (ChunkKey key : swap.newChunks()) {
        overlapReasons(view, view.chunkPosition(key), leaving, reasons);
      }
    }
    return new Explanation(question, reasons);
  }

  /** Explains by {@link Lifecycle#stuck} why a replica is still there (sections 2 and 4). */
  public static Explanation whyDrainHeld(
      LifecycleView view, ChunkKey key, WorkerId worker, List<Result.Stuck> stuck) {
    String question = "Why does " + worker + " still hold " + key + "?";
    int chunk = view.chunkPosition(key);
    int holder = view.workerPosition(worker);
    int slot = chunk < 0 || holder < 0 ? LifecycleView.NONE : view.findReplica(chunk, holder);
    if (slot == LifecycleView.NONE) {
      return new Explanation(question, unknown(key, chunk, worker, holder));
    }
    List<String> reasons = new ArrayList<>();
    long now = view.largestTick().value();
    if (view.chunkState(chunk) == ChunkState.DROPPED && now < view.endTick(chunk)) {
      reasons.add(
          "the chunk was dropped, and portals may ask for it until tick "
              + view.endTick(chunk)
              + "; now is tick "
              + now);
    } else if (view.replicaState(slot) == ReplicaState.ASSIGNED) {
      reasons.add(whyAssigned(view, slot, stuck));
    } else if (view.routed(slot)) {
      releaseReasons(view, chunk, slot, reasons);
    } else if (view.isNamed(slot) && !view.isMissing(slot)) {
      String newest = "portal assignment " + view.newestPortalAssignment();
      reasons.add(newest + " names it, and no visibility cycle has run since");
    } else if (view.readable(slot, now)) {
      reasons.add(
          "portals may ask for it until tick " + view.readableUntil(slot) + "; now is tick " + now);
    } else {
      deletionReasons(view, chunk, slot, reasons);
    }
    return new Explanation(question, reasons);
  }

  /** Returns the explanation of a placement with a line for each replica: why it came. */
  public static Explanation withOrigins(LifecycleView view, Explanation found, ChunkKey key) {
    List<String> lines = new ArrayList<>(found.lines());
    int chunk = view.chunkPosition(key);
    for (int slot = chunk < 0 ? LifecycleView.NONE : view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      WorkerId holder = view.workerId(view.replicaWorker(slot));
      lines.add(holder + ": " + whyItCame(view, slot));
    }
    return new Explanation(found.subject(), lines);
  }

  /**
   * Explains why a replica came to its worker and why it is still there, by {@link
   * Lifecycle#stuck}.
   */
  public static Explanation whyHere(
      LifecycleView view, ChunkKey key, WorkerId worker, List<Result.Stuck> stuck) {
    Explanation stays = whyDrainHeld(view, key, worker, stuck);
    int chunk = view.chunkPosition(key);
    int holder = view.workerPosition(worker);
    int slot = chunk < 0 || holder < 0 ? LifecycleView.NONE : view.findReplica(chunk, holder);
    List<String> reasons = new ArrayList<>();
    if (slot != LifecycleView.NONE) {
      reasons.add(whyItCame(view, slot));
    }
    reasons.addAll(stays.lines());
    return new Explanation("Why is " + key + " on " + worker + "?", reasons);
  }

  private static String whyItCame(LifecycleView view, int slot) {
    Origin origin = view.origin(slot);
    String came = "it came with worker assignment " + view.since(slot) + ", " + origin.inWords();
    return origin.isMove() ? came + formerHolders(view, slot) : came;
  }

  // The plan that made a replica stamped those that it gave up with the same assignment.
  private static String formerHolders(LifecycleView view, int slot) {
    ChunkNumber number = view.chunkNumber(view.replicaChunk(slot));
    WorkerId holder = view.workerId(view.replicaWorker(slot));
    for (MoveRecord move : view.kept(KeptValue.MOVES)) {
      boolean isIts = move.chunk().equals(number) && move.to().equals(holder);
      if (isIts && !move.reason().isEmpty()) {
        return ", in place of the one on " + move.from() + ": " + move.reason();
      }
    }
    List<String> former = new ArrayList<>();
    for (int other = view.firstReplica(view.replicaChunk(slot));
        other != LifecycleView.NONE;
        other = view.nextReplica(other)) {
      if (view.supersededAt(other) == view.since(slot)) {
        former.add(view.workerId(view.replicaWorker(other)).value());
      }
    }
    return former.isEmpty()
        ? "; the replica in whose place it came is gone"
        : ", in place of the one on " + String.join(", ", former);
  }

  private static String whyAssigned(LifecycleView view, int slot, List<Result.Stuck> stuck) {
    ChunkKey key = view.chunkKey(view.replicaChunk(slot));
    int holder = view.replicaWorker(slot);
    for (Result.Stuck each : stuck) {
      if (each.chunk().equals(key) && each.worker().equals(view.workerId(holder))) {
        return "it is stuck, it should leave and cannot: " + each.inWords();
      }
    }
    return view.worker(holder).status() == WorkerStatus.LEAVING
        ? "the worker is leaving, and no plan has given it up: the movement budget holds it back,"
            + " or room that others have to free first, or no scheduling cycle has run since"
        : isPinned(view, key, view.workerId(holder))
            ? "it is pinned there"
            : "the plan wants it there";
  }

  private static boolean isPinned(LifecycleView view, ChunkKey key, WorkerId worker) {
    boolean[] found = {false};
    new WishIndex(view.wishes())
        .forEach(
            key,
            wish ->
                found[0] |= wish.kind() == PlacementWish.Kind.PIN && wish.worker().equals(worker));
    return found[0];
  }

  private static List<String> unknown(ChunkKey key, int chunk, WorkerId worker, int holder) {
    if (chunk < 0) {
      return List.of(key + " is unknown");
    }
    return holder < 0 ? List.of(worker + " is unknown") : List.of();
  }

  private static void promotionReasons(LifecycleView view, int chunk, List<String> reasons) {
    int confirmed = 0;
    int proved = 0;
    List<String> waits = new ArrayList<>();
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      int worker = view.replicaWorker(slot);
      boolean isDraining = view.replicaState(slot) == ReplicaState.DRAINING;
      boolean routable = !isDraining && view.isPresent(worker) && view.confirmed(slot);
      boolean counts = !isDraining && view.isCounted(worker) && view.possessed(slot);
      confirmed += routable ? 1 : 0;
      proved += counts ? 1 : 0;
      if (!routable || !counts) {
        waits.add(view.workerId(worker) + whyNotProved(view, slot));
      }
    }
    if (view.firstReplica(chunk) == LifecycleView.NONE) {
      reasons.add("no worker has been told to hold it");
    } else if (confirmed == 0) {
      reasons.add("no present worker has confirmed it");
    }
    boolean isShort = view.config().gates() == Gates.ON && proved < view.floor(chunk);
    if (isShort) {
      String found = proved + (proved == 1 ? " replica is" : " replicas are");
      reasons.add(found + " possessed on counted workers; the floor is " + view.floor(chunk));
    }
    if (confirmed == 0 || isShort) {
      reasons.addAll(waits);
    }
  }

  private static String whyNotProved(LifecycleView view, int slot) {
    int worker = view.replicaWorker(slot);
    if (view.replicaState(slot) == ReplicaState.DRAINING) {
      return " drains its replica";
    }
    if (view.isMissing(slot)) {
      return " misses it since tick " + view.missingSince(slot);
    }
    if (view.owesInventory(worker)) {
      return " owes its inventory";
    }
    if (!view.isCounted(worker)) {
      return " is " + view.worker(worker).status();
    }
    String applied =
        view.lastApplied(worker) < 0
            ? " has applied nothing"
            : " has applied worker assignment " + view.lastApplied(worker);
    return applied + "; it is to hold the replica since " + view.since(slot);
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
      boolean isAway = view.worker(view.replicaWorker(other)).status() == WorkerStatus.AWAY;
      assigned += isAssigned && (view.routed(other) || !isAway) ? 1 : 0;
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
      reasons.add(mark + ", below assignment " + view.supersededAt(slot) + ", which superseded it");
    }
  }

  /** Counts the deletions that the cycle would do before this one, in canonical order. */
  private static void deletionReasons(
      LifecycleView view, int chunk, int slot, List<String> reasons) {
    long now = view.largestTick().value();
    Tables tables = view.tables();
    if (view.isPaused(now)) {
      String until = "until tick " + tables.fleet.deleteFromTick() + "; now is tick " + now;
      reasons.add("nothing is deleted in the pause after the lineage began, " + until);
      return;
    }
    DeletionRule rule = new DeletionRule(tables, now);
    int left = tables.rules.possessedOnCounted(chunk);
    for (int each = view.firstReplica(chunk); each != slot; each = view.nextReplica(each)) {
      boolean isUnwanted = view.replicaState(each) != ReplicaState.ASSIGNED;
      if (isUnwanted && !view.readable(each, now) && rule.allows(each)) {
        left -= counts(view, each);
      }
    }
    if (rule.allows(slot)) {
      return;
    }
    left -= counts(view, slot);
    int present = tables.rules.possessedOnPresent(chunk);
    int least = Math.min(view.floor(chunk), present);
    if (left == 0 && least > 0) {
      reasons.add("no possessed replica would be left on a counted worker");
    } else if (left == 0) {
      reasons.add("no counted worker possesses the chunk, and this may be its only copy");
    } else if (left >= least) {
      String few = "too few possessed replicas that last would be left for the floor, ";
      String why = "; one on a worker that is to leave lasts while a portal may ask for it there";
      reasons.add(few + view.floor(chunk) + why);
      absentHolders(view, chunk, reasons);
    } else {
      String found = left + " possessed replicas would be left on counted workers";
      String why = ": the lesser of the floor, " + view.floor(chunk) + ", and of the " + present;
      reasons.add(found + ", but the deletion rule wants " + least + why + " on present ones");
    }
  }

  /** Adds which holders are away, since their copies let no other copy go. */
  private static void absentHolders(LifecycleView view, int chunk, List<String> reasons) {
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      WorkerRow holder = view.workerRow(view.replicaWorker(slot));
      if (holder.status() == WorkerStatus.AWAY && view.possessed(slot)) {
        WorkerId id = holder.description().id();
        String until = " is away until tick " + holder.awayUntil();
        reasons.add(id + until + "; its copy counts again when it is back");
      }
    }
  }

  private static int counts(LifecycleView view, int slot) {
    return view.possessed(slot) && view.isCounted(view.replicaWorker(slot)) ? 1 : 0;
  }
}
