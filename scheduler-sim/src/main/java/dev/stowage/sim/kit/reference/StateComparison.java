package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the state of the core with the model's, fact by fact; in words where they differ. */
final class StateComparison {
  private final RefFleet fleet;
  private final List<String> found = new ArrayList<>();
  private final TreeMap<WorkerId, RefFleet> told = new TreeMap<>();

  StateComparison(RefFleet fleet) {
    this.fleet = fleet;
  }

  List<String> differences(LifecycleView view, PortalAssignment routes) {
    SameState same = new SameState(fleet, view, this::saidToBePossessed);
    if (!same.ofFleet()) {
      compare("fleet", fleetOf(view), fleetOfModel());
    }
    if (!same.ofChunks()) {
      compare("chunks", chunksOf(view), chunksOfModel());
    }
    if (!same.ofWorkers()) {
      compare("workers", workersOf(view), workersOfModel());
    }
    if (!same.ofSwaps()) {
      compare("swaps", swapsOf(view), swapsOfModel());
    }
    if (!same.ofRoutes(routes)) {
      compare("routes", routesOf(routes), routesOfModel());
    }
    return found;
  }

  private void compare(String what, TreeMap<String, String> core, TreeMap<String, String> model) {
    TreeSet<String> names = new TreeSet<>(core.keySet());
    names.addAll(model.keySet());
    for (String name : names) {
      String one = core.getOrDefault(name, "nothing");
      String other = model.getOrDefault(name, "nothing");
      if (!one.equals(other)) {
        found.add(what + ": " + name + ": the core has " + one + "; the model " + other);
      }
    }
  }

  private static TreeMap<String, String> fleetOf(LifecycleView view) {
    TreeMap<String, String> words = new TreeMap<>();
    words.put("worker assignment", Long.toString(view.newestWorkerAssignment().value()));
    words.put("portal assignment", Long.toString(view.newestPortalAssignment().value()));
    words.put("watermark", Long.toString(view.watermark()));
    words.put("largest tick", view.largestTick().toString());
    words.put("listening since", Long.toString(view.fleetRow().time().listeningTick()));
    words.put("lineage", view.lineage().toString());
    words.put("wishes", view.wishes().toString());
    words.put("configuration", Long.toString(view.configVersion()));
    words.put("wishes version", Long.toString(view.wishesVersion()));
    words.put("window", Long.toString(view.windowTicks(view.largestTick().value())));
    words.put("waiting", view.waitingChunks() + " chunks, " + view.waitingBytes() + " bytes");
    return words;
  }

  private TreeMap<String, String> fleetOfModel() {
    TreeMap<String, String> words = new TreeMap<>();
    words.put("worker assignment", Long.toString(fleet.workerAssignment));
    words.put("portal assignment", Long.toString(fleet.portalAssignment));
    words.put("watermark", Long.toString(fleet.watermark));
    words.put("largest tick", Long.toString(fleet.largestTick));
    words.put("listening since", Long.toString(fleet.listeningTick));
    words.put("lineage", fleet.era().token().toString());
    words.put("wishes", fleet.wishes.toString());
    words.put("configuration", Long.toString(fleet.configVersion));
    words.put("wishes version", Long.toString(fleet.wishesVersion));
    words.put("window", Long.toString(fleet.windowAt(fleet.largestTick)));
    long waiting = fleet.chunks.values().stream().filter(RefChunk::waits).count();
    long bytes =
        fleet.chunks.values().stream()
            .filter(RefChunk::waits)
            .mapToLong(chunk -> chunk.sizeBytes)
            .sum();
    words.put("waiting", waiting + " chunks, " + bytes + " bytes");
    return words;
  }

  private static TreeMap<String, String> chunksOf(LifecycleView view) {
    TreeMap<String, String> words = new TreeMap<>();
    view.forEachChunk(chunk -> {
      String key = view.chunkKey(chunk).toString();
      words.put(
          key,
          view.chunkState(chunk)
              + (view.isMarked(chunk) ? " marked " : " ")
              + view.chunkNumber(chunk)
              + (view.isEstablished(chunk) ? " established" : "")
              + (view.isOncePossessed(chunk) ? " once possessed" : "")
              + " admitted "
              + view.admittedTick(chunk)
              + " end "
              + view.endTick(chunk)
              + " by "
              + view.chunkRow(chunk).rejectedBy());
      for (int slot = view.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = view.nextReplica(slot)) {
        words.put(key + "@" + view.workerId(view.replicaWorker(slot)), replica(view, slot));
      }
    });
    return words;
  }

  private static String replica(LifecycleView view, int slot) {
    return view.replicaState(slot)
        + " "
        + List.of(view.since(slot), view.supersededAt(slot), view.releasedAt(slot))
        + " until "
        + view.readableUntil(slot)
        + (view.isMissing(slot) ? " missing since " + view.missingSince(slot) : "")
        + (view.possessed(slot) ? " possessed" : "")
        + (view.reportedPossessed(slot) ? " said to be" : "")
        + (view.confirmed(slot) ? " confirmed" : "")
        + (view.routed(slot) ? " routed" : "")
        + (view.readable(slot, view.largestTick().value()) ? " readable" : "");
  }

  private TreeMap<String, String> chunksOfModel() {
    TreeMap<String, String> words = new TreeMap<>();
    for (RefChunk chunk : fleet.chunks.values()) {
      String key = chunk.key.toString();
      words.put(
          key,
          chunk.state
              + (chunk.isMarked ? " marked " : " ")
              + chunk.number
              + (chunk.isEstablished ? " established" : "")
              + (chunk.isOncePossessed ? " once possessed" : "")
              + " admitted "
              + chunk.admittedTick
              + " end "
              + chunk.endTick
              + " by "
              + chunk.rejectedBy);
      chunk.replicas.keySet().forEach(id -> words.put(key + "@" + id, replica(chunk, id)));
    }
    return words;
  }

  private String replica(RefChunk chunk, WorkerId id) {
    RefReplica replica = fleet.replica(chunk, id);
    String state = replica.isAssigned() ? "ASSIGNED" : "SUPERSEDED";
    state = replica.isDraining() ? "DRAINING" : state;
    return state
        + " "
        + List.of(replica.since, replica.supersededAt, replica.releasedAt)
        + " until "
        + replica.readableUntil
        + (replica.isMissing() ? " missing since " + replica.missingSince : "")
        + (fleet.possessed(chunk, id) ? " possessed" : "")
        + (saidToBePossessed(chunk, id) ? " said to be" : "")
        + (fleet.confirmed(chunk, id) ? " confirmed" : "")
        + (fleet.routed(chunk, id) ? " routed" : "")
        + (fleet.readable(chunk, id, fleet.largestTick) ? " readable" : "");
  }

  /** What a query says: an accepted report counts at once. A copy takes its reports in. */
  private boolean saidToBePossessed(RefChunk chunk, WorkerId id) {
    if (fleet.holder(id).waiting.isEmpty()) {
      return fleet.possessed(chunk, id);
    }
    RefFleet copy = told.get(id);
    if (copy == null) {
      copy = fleet.copyOf(id);
      new RefNews(copy, copy.largestTick).takeIn(true);
      told.put(id, copy);
    }
    RefChunk there = java.util.Objects.requireNonNull(copy.chunks.get(chunk.key), "chunk");
    return copy.possessed(there, id);
  }

  private static TreeMap<String, String> workersOf(LifecycleView view) {
    TreeMap<String, String> words = new TreeMap<>();
    view.forEachWorker(position -> {
      WorkerRow row = view.workerRow(position);
      words.put(
          view.workerId(position).toString(),
          row.description().status()
              + " "
              + row.absence()
              + " since "
              + row.absentSince()
              + " life "
              + row.incarnation()
              + " applied "
              + row.lastApplied()
              + " said "
              + view.reportedApplied(position)
              + (row.caughtUp() ? " caught up" : "")
              + (row.owesInventory() ? " owes" : "")
              + " report "
              + row.lastReport()
              + " seen "
              + row.lastSeenTick()
              + " departure "
              + row.departure()
              + (view.isCounted(position) ? " counted" : "")
              + (view.isPlaceable(position) ? " placeable" : "")
              + " unknown "
              + new HashSet<>(row.orphans()).size()
              + " sum "
              + row.sliceSum());
    });
    return words;
  }

  static WorkerRow.Departure departure(RefWorker worker) {
    if (worker.isGoneBySilence) {
      return WorkerRow.Departure.BY_SILENCE;
    }
    return worker.isConfirmed ? WorkerRow.Departure.CONFIRMED : WorkerRow.Departure.NONE;
  }

  private TreeMap<String, String> workersOfModel() {
    TreeMap<String, String> words = new TreeMap<>();
    RefSums sums = new RefSums(fleet);
    fleet.workers.forEach((id, worker) ->
        words.put(
            id.toString(),
            worker.description.status()
                + " "
                + worker.absence
                + " since "
                + worker.absentSince
                + " life "
                + worker.incarnation
                + " applied "
                + worker.lastApplied
                + " said "
                + worker.saidApplied()
                + (worker.isCaughtUp ? " caught up" : "")
                + (worker.owesInventory ? " owes" : "")
                + " report "
                + worker.lastReport
                + " seen "
                + worker.lastSeen
                + " departure "
                + departure(worker)
                + (worker.isCounted() ? " counted" : "")
                + (worker.isPlaceable() ? " placeable" : "")
                + " unknown "
                + new HashSet<>(worker.unknownBytes).size()
                + " sum "
                + sums.of(id)));
    return words;
  }

  private static TreeMap<String, String> swapsOf(LifecycleView view) {
    TreeMap<String, String> words = new TreeMap<>();
    for (SwapRow swap : view.swaps()) {
      words.put(
          Long.toString(swap.id()),
          words(swap.oldChunks())
              + " "
              + words(swap.newChunks())
              + " "
              + swap.state()
              + " "
              + swap.endTick());
    }
    return words;
  }

  private TreeMap<String, String> swapsOfModel() {
    TreeMap<String, String> words = new TreeMap<>();
    for (RefSwap swap : fleet.swaps.values()) {
      words.put(
          Long.toString(swap.id()),
          words(swap.oldSide())
              + " "
              + words(swap.newSide())
              + " "
              + swap.state()
              + " "
              + swap.endTick());
    }
    return words;
  }

  private static String words(Collection<ChunkKey> side) {
    return new TreeSet<>(side).toString();
  }

  private static TreeMap<String, String> routesOf(PortalAssignment assignment) {
    TreeMap<String, String> words = new TreeMap<>();
    for (Route route : assignment.routes()) {
      words.put(route.key().toString(), new TreeSet<>(route.workers()).toString());
    }
    for (ChunkKey dark : assignment.unavailable()) {
      words.put(dark.toString(), "[]");
    }
    return words;
  }

  private TreeMap<String, String> routesOfModel() {
    TreeMap<String, String> words = new TreeMap<>();
    fleet.routes.forEach((key, workers) -> words.put(key.toString(), workers.toString()));
    return words;
  }
}
