package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.FormerFloor;
import dev.stowage.lifecycle.KeptValue;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares the state of the core with the model's, fact by fact, and lists the differences in
 * words. Each fact is declared once: its name, and its value on each side.
 */
final class StateComparison {
  private final RefFleet fleet;
  private final LifecycleView view;
  private final List<String> found = new ArrayList<>();
  private final TreeMap<WorkerId, RefFleet> told = new TreeMap<>();
  private final List<Fact<RefChunk>> ofChunk;
  private final List<Fact<Pair>> ofReplica;
  private final List<Fact<RefWorker>> ofWorker;
  private @Nullable WorkerRow row;

  /**
   * A fact about something of one kind.
   *
   * @param core returns what the core has, by the position of the thing
   * @param model returns what the model has
   */
  private record Fact<M>(
      String name,
      IntFunction<? extends @Nullable Object> core,
      Function<M, ? extends @Nullable Object> model) {}

  private record Pair(RefChunk chunk, WorkerId worker, RefReplica replica, RefWorker holder) {}

  private StateComparison(RefFleet fleet, LifecycleView view) {
    this.fleet = fleet;
    this.view = view;
    ofChunk = factsOfChunks();
    ofReplica = factsOfReplicas();
    ofWorker = factsOfWorkers();
  }

  static List<String> differences(RefFleet fleet, LifecycleView view, PortalAssignment routes) {
    StateComparison comparison = new StateComparison(fleet, view);
    comparison.compare("fleet", 0, fleet, comparison.factsOfFleet());
    comparison.compareChunks();
    comparison.compareWorkers();
    comparison.compareSwaps();
    comparison.compareRoutes(routes);
    return comparison.found;
  }

  private <M> void compare(Object what, int position, M model, List<Fact<M>> facts) {
    for (Fact<M> fact : facts) {
      differ(what, fact.name, fact.core.apply(position), fact.model.apply(model));
    }
  }

  private void differ(Object what, String fact, @Nullable Object core, @Nullable Object model) {
    if (!Objects.equals(core, model)) {
      found.add(what + ": " + fact + ": the core has " + core + "; the model " + model);
    }
  }

  private List<Fact<RefFleet>> factsOfFleet() {
    return List.of(
        new Fact<>(
            "worker assignment",
            at -> view.newestWorkerAssignment().value(),
            it -> it.workerAssignment),
        new Fact<>(
            "portal assignment",
            at -> view.newestPortalAssignment().value(),
            it -> it.portalAssignment),
        new Fact<>("watermark", at -> view.watermark(), it -> it.watermark),
        new Fact<>("largest tick", at -> view.largestTick().value(), it -> it.largestTick),
        new Fact<>(
            "listening since",
            at -> view.fleetRow().time().listeningTick(),
            it -> it.listeningTick),
        new Fact<>("lineage", at -> view.lineage(), it -> it.era().token()),
        new Fact<>(
            "raises",
            at -> view.kept(KeptValue.FORMER_FLOORS),
            it ->
                it.raises.entrySet().stream()
                    .map(each ->
                        new FormerFloor(
                            each.getKey().dataset(), each.getKey().from(), each.getValue()))
                    .toList()),
        new Fact<>("hold over", at -> view.kept(KeptValue.HOLD_OVER), it -> it.isHoldOver),
        new Fact<>("frozen", at -> view.isFrozen(), it -> it.isFrozen),
        new Fact<>("wishes", at -> view.wishes(), it -> new ArrayList<>(it.wishes)),
        new Fact<>("configuration", at -> view.configVersion(), it -> it.configVersion),
        new Fact<>("wishes version", at -> view.wishesVersion(), it -> it.wishesVersion),
        new Fact<>(
            "window", at -> view.windowTicks(fleet.largestTick), it -> it.windowAt(it.largestTick)),
        new Fact<>(
            "pressure",
            at -> view.pressureAt(fleet.largestTick),
            it -> RefPressure.of(it, view.kept(KeptValue.OBSERVED_PRESSURE))),
        new Fact<>("waiting chunks", at -> view.waitingChunks(), it -> sumOfWaiting(chunk -> 1)),
        new Fact<>(
            "waiting bytes",
            at -> view.waitingBytes(),
            it -> sumOfWaiting(chunk -> chunk.sizeBytes)),
        new Fact<>("chunks", at -> view.chunkCount(), it -> it.chunks.size()),
        new Fact<>("workers", at -> view.workerCount(), it -> it.workers.size()),
        new Fact<>("swaps", at -> view.swaps().size(), it -> it.swaps.size()));
  }

  private long sumOfWaiting(ToLongFunction<RefChunk> what) {
    return fleet.chunks.values().stream().filter(RefChunk::waits).mapToLong(what).sum();
  }

  private List<Fact<RefChunk>> factsOfChunks() {
    return List.of(
        new Fact<>("state", view::chunkState, it -> it.state),
        new Fact<>("mark", view::isMarked, it -> it.isMarked),
        new Fact<>("number", view::chunkNumber, it -> it.number),
        new Fact<>("established", view::isEstablished, it -> it.isEstablished),
        new Fact<>("once possessed", view::isOncePossessed, it -> it.isOncePossessed),
        new Fact<>("admitted", view::admittedTick, it -> it.admittedTick),
        new Fact<>("end", view::endTick, it -> it.endTick),
        new Fact<>("rejected by", at -> view.chunkRow(at).rejectedBy(), it -> it.rejectedBy));
  }

  private void compareChunks() {
    view.forEachChunk(position -> {
      ChunkKey key = view.chunkKey(position);
      RefChunk chunk = fleet.chunks.get(key);
      if (chunk == null) {
        found.add("chunk " + key + ": the model has none");
        return;
      }
      compare(key, position, chunk, ofChunk);
      int count = 0;
      for (int slot = view.firstReplica(position);
          slot != LifecycleView.NONE;
          slot = view.nextReplica(slot)) {
        count++;
        compareReplica(slot, chunk);
      }
      differ(key, "replicas", count, chunk.replicas.size());
    });
  }

  private void compareReplica(int slot, RefChunk chunk) {
    WorkerId worker = view.workerId(view.replicaWorker(slot));
    RefReplica replica = chunk.replicas.get(worker);
    if (replica == null) {
      found.add(chunk.key + "@" + worker + ": the model has none");
    } else {
      Pair pair = new Pair(chunk, worker, replica, fleet.holder(worker));
      int before = found.size();
      compare("replica", slot, pair, ofReplica);
      for (int at = before; at < found.size(); at++) {
        found.set(at, chunk.key + "@" + worker + found.get(at).substring("replica".length()));
      }
    }
  }

  private List<Fact<Pair>> factsOfReplicas() {
    return List.of(
        new Fact<>("state", slot -> view.replicaState(slot).name(), it -> state(it.replica)),
        new Fact<>("origin", view::origin, it -> it.replica.origin),
        new Fact<>("since", view::since, it -> it.replica.since),
        new Fact<>("superseded", view::supersededAt, it -> it.replica.supersededAt),
        new Fact<>("released", view::releasedAt, it -> it.replica.releasedAt),
        new Fact<>("readable until", view::readableUntil, it -> it.replica.readableUntil),
        new Fact<>("missing since", view::missingSince, it -> it.replica.missingSince),
        new Fact<>("possessed", view::possessed, it -> fleet.possessed(it.replica, it.holder)),
        new Fact<>(
            "said to be possessed",
            view::reportedPossessed,
            it -> saidToBePossessed(it.chunk, it.worker)),
        new Fact<>("confirmed", view::confirmed, it -> fleet.confirmed(it.replica, it.holder)),
        new Fact<>("routed", view::routed, this::isRouted),
        new Fact<>(
            "readable",
            slot -> view.readable(slot, view.largestTick().value()),
            it -> fleet.readable(it.replica, isRouted(it), fleet.largestTick)));
  }

  private boolean isRouted(Pair pair) {
    return pair.chunk.isVisible() && fleet.routable(pair.chunk, pair.worker);
  }

  private static String state(RefReplica replica) {
    if (replica.isAssigned()) {
      return "ASSIGNED";
    }
    return replica.isDraining() ? "DRAINING" : "SUPERSEDED";
  }

  /**
   * Reports whether a query shows a replica as possessed: accepted reports count at once, so they
   * are taken in by a copy of the model.
   */
  private boolean saidToBePossessed(RefChunk chunk, WorkerId id) {
    if (fleet.holder(id).waiting.isEmpty()) {
      return fleet.possessed(chunk, id);
    }
    RefFleet copy = told.get(id);
    if (copy == null) {
      copy = fleet.copyOf(id);
      new RefNews(copy, copy.largestTick).takeIn(true, List.of());
      told.put(id, copy);
    }
    RefChunk there = Objects.requireNonNull(copy.chunks.get(chunk.key), "chunk");
    return copy.possessed(there, id);
  }

  private List<Fact<RefWorker>> factsOfWorkers() {
    RefSums sums = new RefSums(fleet);
    return List.of(
        new Fact<>("description", at -> row(at).description(), it -> it.description),
        new Fact<>("absence", at -> row(at).absence(), it -> it.absence),
        new Fact<>("absent since", at -> row(at).absentSince(), it -> it.absentSince),
        new Fact<>("life", at -> row(at).incarnation().value(), it -> it.incarnation),
        new Fact<>("applied", at -> row(at).lastApplied(), it -> it.lastApplied),
        new Fact<>("said to be applied", view::reportedApplied, RefWorker::saidApplied),
        new Fact<>("caught up", at -> row(at).caughtUp(), it -> it.isCaughtUp),
        new Fact<>("owes its inventory", view::owesInventory, it -> it.owesInventory),
        new Fact<>("report", at -> row(at).lastReport(), it -> it.lastReport),
        new Fact<>("seen", at -> row(at).lastSeenTick(), it -> it.lastSeen),
        new Fact<>("pressure", at -> row(at).pressure().band(), it -> it.pressure),
        new Fact<>("measured", at -> row(at).pressure().measuredTick(), it -> it.pressureTick),
        new Fact<>("departure", at -> row(at).departure(), StateComparison::departure),
        new Fact<>("away until", at -> row(at).awayUntil(), it -> it.awayUntil),
        new Fact<>("copies elsewhere", at -> row(at).leastCopies(), it -> it.copiesElsewhere),
        new Fact<>("counted", view::isCounted, RefWorker::isCounted),
        new Fact<>("placeable", view::isPlaceable, RefWorker::isPlaceable),
        new Fact<>(
            "unknown bytes",
            at -> new HashSet<>(row(at).orphans()).size(),
            it -> new HashSet<>(it.unknownBytes).size()),
        new Fact<>("sum", at -> row(at).sliceSum(), it -> sums.of(it.description.id())));
  }

  private WorkerRow row(int position) {
    if (row == null || row.position() != position) {
      row = view.workerRow(position);
    }
    return row;
  }

  private static WorkerRow.Departure departure(RefWorker worker) {
    if (worker.isGoneBySilence) {
      return WorkerRow.Departure.BY_SILENCE;
    }
    return worker.isConfirmed ? WorkerRow.Departure.CONFIRMED : WorkerRow.Departure.NONE;
  }

  private void compareWorkers() {
    view.forEachWorker(position -> {
      WorkerId id = view.workerId(position);
      RefWorker worker = fleet.workers.get(id);
      if (worker == null) {
        found.add("worker " + id + ": the model has none");
      } else {
        compare(id, position, worker, ofWorker);
      }
    });
  }

  private void compareSwaps() {
    for (SwapRow swap : view.swaps()) {
      RefSwap model = fleet.swaps.get(swap.id());
      String what = "swap " + swap.id();
      if (model == null) {
        found.add(what + ": the model has none");
      } else {
        differ(what, "state", swap.state(), model.state());
        differ(what, "end", swap.endTick(), model.endTick());
        differ(what, "old side", new TreeSet<>(swap.oldChunks()), new TreeSet<>(model.oldSide()));
        differ(what, "new side", new TreeSet<>(swap.newChunks()), new TreeSet<>(model.newSide()));
      }
    }
  }

  private void compareRoutes(PortalAssignment assignment) {
    Map<ChunkKey, Map<WorkerId, String>> core = new TreeMap<>();
    for (Route route : assignment.routes()) {
      Map<WorkerId, String> to = new TreeMap<>();
      for (int i = 0; i < route.workers().size(); i++) {
        to.put(route.workers().get(i), route.zones().isEmpty() ? "" : route.zones().get(i));
      }
      core.put(route.key(), to);
    }
    assignment.unavailable().forEach(key -> core.put(key, Map.of()));
    if (!core.equals(fleet.routes)) {
      Set<ChunkKey> keys = new TreeSet<>(core.keySet());
      keys.addAll(fleet.routes.keySet());
      keys.forEach(key -> differ(key, "routes", core.get(key), fleet.routes.get(key)));
    }
  }
}
