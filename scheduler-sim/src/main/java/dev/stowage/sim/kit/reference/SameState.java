package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Whether the core and the model have the same facts, without words for them: those are for {@link
 * StateComparison}, which is asked where this finds a difference. Every fact that has a word there
 * is looked at here.
 */
final class SameState {
  private final RefFleet fleet;
  private final LifecycleView view;
  private final SaidPossession said;
  private boolean isSame = true;

  /** Answers what is said to be possessed, reports that no cycle took in included. */
  interface SaidPossession {
    /** Whether this replica is said to be there. */
    boolean of(RefChunk chunk, WorkerId worker);
  }

  SameState(RefFleet fleet, LifecycleView view, SaidPossession said) {
    this.fleet = fleet;
    this.view = view;
    this.said = said;
  }

  boolean ofFleet() {
    return view.newestWorkerAssignment().value() == fleet.workerAssignment
        && view.newestPortalAssignment().value() == fleet.portalAssignment
        && view.watermark() == fleet.watermark
        && view.largestTick().value() == fleet.largestTick
        && view.fleetRow().time().listeningTick() == fleet.listeningTick
        && view.lineage().equals(fleet.era().token())
        && view.wishes().equals(new ArrayList<>(fleet.wishes))
        && view.configVersion() == fleet.configVersion
        && view.wishesVersion() == fleet.wishesVersion
        && view.windowTicks(fleet.largestTick) == fleet.windowAt(fleet.largestTick)
        && view.waitingChunks() == sumOfWaiting(chunk -> 1)
        && view.waitingBytes() == sumOfWaiting(chunk -> chunk.sizeBytes);
  }

  private long sumOfWaiting(ToLongFunction<RefChunk> what) {
    return fleet.chunks.values().stream().filter(RefChunk::waits).mapToLong(what).sum();
  }

  boolean ofChunks() {
    isSame = view.chunkCount() == fleet.chunks.size();
    view.forEachChunk(chunk -> {
      RefChunk model = isSame ? fleet.chunks.get(view.chunkKey(chunk)) : null;
      isSame = model != null && isSameChunk(chunk, model) && areSameReplicas(chunk, model);
    });
    return isSame;
  }

  private boolean isSameChunk(int chunk, RefChunk model) {
    return view.chunkState(chunk) == model.state
        && view.isMarked(chunk) == model.isMarked
        && Objects.equals(view.chunkNumber(chunk), model.number)
        && view.isEstablished(chunk) == model.isEstablished
        && view.isOncePossessed(chunk) == model.isOncePossessed
        && view.admittedTick(chunk) == model.admittedTick
        && view.endTick(chunk) == model.endTick
        && Objects.equals(view.chunkRow(chunk).rejectedBy(), model.rejectedBy);
  }

  private boolean areSameReplicas(int chunk, RefChunk model) {
    int count = 0;
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      WorkerId worker = view.workerId(view.replicaWorker(slot));
      RefReplica replica = model.replicas.get(worker);
      if (replica == null
          || !haveSameStamps(slot, replica)
          || !count(slot, model, worker, replica)) {
        return false;
      }
      count++;
    }
    return count == model.replicas.size();
  }

  private boolean haveSameStamps(int slot, RefReplica replica) {
    boolean isSameState =
        switch (view.replicaState(slot)) {
          case ASSIGNED -> replica.isAssigned();
          case SUPERSEDED -> replica.isSuperseded();
          case DRAINING -> replica.isDraining();
        };
    return isSameState
        && view.since(slot) == replica.since
        && view.supersededAt(slot) == replica.supersededAt
        && view.releasedAt(slot) == replica.releasedAt
        && view.readableUntil(slot) == replica.readableUntil
        && view.isMissing(slot) == replica.isMissing()
        && view.missingSince(slot) == replica.missingSince;
  }

  /** Whether a replica counts alike: it is possessed, confirmed, routed and readable in both. */
  private boolean count(int slot, RefChunk chunk, WorkerId worker, RefReplica replica) {
    RefWorker holder = fleet.holder(worker);
    boolean isRouted = chunk.isVisible() && fleet.routable(replica, holder);
    return view.possessed(slot) == fleet.possessed(replica, holder)
        && view.reportedPossessed(slot) == said.of(chunk, worker)
        && view.confirmed(slot) == fleet.confirmed(replica, holder)
        && view.routed(slot) == isRouted
        && view.readable(slot, view.largestTick().value())
            == fleet.readable(replica, isRouted, fleet.largestTick);
  }

  boolean ofWorkers() {
    isSame = view.workerCount() == fleet.workers.size();
    RefSums sums = new RefSums(fleet);
    view.forEachWorker(position -> {
      RefWorker model = isSame ? fleet.workers.get(view.workerId(position)) : null;
      isSame = model != null && isSameWorker(position, model) && isSameSum(position, sums);
    });
    return isSame;
  }

  private boolean isSameWorker(int position, RefWorker model) {
    WorkerRow row = view.workerRow(position);
    return row.description().status() == model.description.status()
        && row.absence() == model.absence
        && row.absentSince() == model.absentSince
        && row.incarnation().value() == model.incarnation
        && row.lastApplied() == model.lastApplied
        && view.reportedApplied(position) == model.saidApplied()
        && row.caughtUp() == model.isCaughtUp
        && row.owesInventory() == model.owesInventory
        && row.lastReport() == model.lastReport
        && row.lastSeenTick() == model.lastSeen
        && row.departure() == StateComparison.departure(model)
        && view.isCounted(position) == model.isCounted()
        && view.isPlaceable(position) == model.isPlaceable()
        && new HashSet<>(row.orphans()).size() == new HashSet<>(model.unknownBytes).size();
  }

  private boolean isSameSum(int position, RefSums sums) {
    return Objects.equals(view.workerRow(position).sliceSum(), sums.of(view.workerId(position)));
  }

  boolean ofSwaps() {
    List<SwapRow> swaps = view.swaps();
    for (SwapRow swap : swaps) {
      RefSwap model = fleet.swaps.get(swap.id());
      boolean isOne =
          model != null
              && swap.state() == model.state()
              && swap.endTick() == model.endTick()
              && isSameSide(swap.oldChunks(), model.oldSide())
              && isSameSide(swap.newChunks(), model.newSide());
      if (!isOne) {
        return false;
      }
    }
    return swaps.size() == fleet.swaps.size();
  }

  private static boolean isSameSide(List<ChunkKey> one, List<ChunkKey> other) {
    return one.equals(other) || new HashSet<>(one).equals(new HashSet<>(other));
  }

  boolean ofRoutes(PortalAssignment assignment) {
    Set<ChunkKey> keys = new HashSet<>();
    for (Route route : assignment.routes()) {
      TreeSet<WorkerId> model = fleet.routes.get(route.key());
      if (model == null || !model.equals(new TreeSet<>(route.workers()))) {
        return false;
      }
      keys.add(route.key());
    }
    for (ChunkKey dark : assignment.unavailable()) {
      TreeSet<WorkerId> model = fleet.routes.get(dark);
      if (model == null || !model.isEmpty()) {
        return false;
      }
      keys.add(dark);
    }
    return keys.size() == fleet.routes.size();
  }
}
