package dev.stowage.sim.kit.scenario;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.FloorOracle;
import dev.stowage.sim.kit.scenario.oracles.ReplicaSlots;
import dev.stowage.sim.kit.scenario.oracles.SpreadOracle;
import dev.stowage.sim.kit.scenario.words.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The queries of expectations, in the words of scenario files. Stateless. */
final class StateQueries {
  static final List<String> REPLICA_STATES = List.of("assigned", "superseded", "draining");
  static final List<String> REPLICA_FACTS = List.of("possessed", "routed");
  static final List<String> CHUNK_STATES =
      List.of("offered", "rejected", "admitted", "visible", "dropped", "tombstone", "unknown");

  private StateQueries() {}

  static boolean owesInventory(WorkerRow worker) {
    return worker.owesInventory()
        || worker.pending().stream()
            .anyMatch(it -> it.kind() == PendingReport.Kind.INVENTORY || it.isPart());
  }

  /** Reports whether the store has no row; a known worker without a slice has departed. */
  static boolean isUnknown(LifecycleSnapshot books, WorkerId id) {
    return books.workerPosition(id) < 0;
  }

  static boolean hasDeparted(LifecycleSnapshot books, WorkerId id) {
    int position = books.workerPosition(id);
    return position >= 0 && books.workerRow(position).status() == WorkerStatus.DEPARTED;
  }

  static String stateOf(ScenarioWorld world, ChunkKey key) {
    LifecycleSnapshot books = world.books();
    int chunk = books.chunkPosition(key);
    return chunk < 0 ? "unknown" : books.chunkState(chunk).name().toLowerCase(Locale.ROOT);
  }

  static TreeMap<WorkerId, String> replicas(ScenarioWorld world, ChunkKey key) {
    LifecycleSnapshot books = world.books();
    TreeMap<WorkerId, String> found = new TreeMap<>();
    for (int slot : slots(books, key)) {
      found.put(
          books.workerId(books.replicaWorker(slot)),
          books.replicaState(slot).name().toLowerCase(Locale.ROOT));
    }
    return found;
  }

  static String origin(ScenarioWorld world, Pair pair) {
    LifecycleSnapshot books = world.books();
    for (int slot : slots(books, pair.chunk())) {
      if (books.workerId(books.replicaWorker(slot)).equals(pair.worker())) {
        return books.origin(slot).toString();
      }
    }
    return "none";
  }

  /** Returns the number of replicas; {@code what} is a state, a fact, or empty for all. */
  static long count(ScenarioWorld world, ChunkKey key, String what) {
    LifecycleSnapshot books = world.books();
    return slots(books, key).stream()
        .filter(slot ->
            switch (what) {
              case "" -> true;
              case "possessed" -> books.reportedPossessed(slot);
              case "routed" -> books.routed(slot);
              default -> books.replicaState(slot).name().toLowerCase(Locale.ROOT).equals(what);
            })
        .count();
  }

  private static List<Integer> slots(LifecycleSnapshot books, ChunkKey key) {
    return ReplicaSlots.of(books, books.chunkPosition(key));
  }

  static List<WorkerId> routes(ScenarioWorld world, ChunkKey key) {
    return world.routes().route(key).map(Route::workers).orElse(List.of());
  }

  static long pendingSwaps(ScenarioWorld world, DatasetId dataset) {
    return world.books().pendingSwaps().stream()
        .filter(swap -> swap.oldChunks().get(0).dataset().equals(dataset))
        .count();
  }

  static List<ChunkKey> deferred(ScenarioWorld world) {
    return world.scheduled().stream()
        .flatMap(cycle -> cycle.deferred().stream())
        .map(Result.Shortage::chunk)
        .toList();
  }

  static List<Pair> stuck(ScenarioWorld world) {
    return world.scheduled().stream()
        .flatMap(cycle -> cycle.stuck().stream())
        .map(each -> new Pair(each.chunk(), each.worker()))
        .toList();
  }

  /**
   * Returns the obstacle between the fleet and its goal, as far as it shows without another round;
   * empty if there is none.
   */
  static Optional<String> unsettled(ScenarioWorld world) {
    LifecycleSnapshot books = world.books();
    List<ChunkKey> deferred = deferred(world);
    if (!deferred.isEmpty()) {
      return Optional.of("deferred " + deferred);
    }
    List<String> found = new ArrayList<>();
    books.forEachChunk(chunk -> {
      ChunkKey key = books.chunkKey(chunk);
      long superseded = waitsForAbsent(books, chunk) ? 0 : count(world, key, "superseded");
      long draining = count(world, key, "draining");
      if (superseded + draining > 0) {
        found.add(key + " with " + superseded + " superseded and " + draining + " draining");
      } else if (books.isLive(chunk) && settledReplicas(books, chunk) < books.floor(chunk)) {
        found.add(
            key
                + " with "
                + settledReplicas(books, chunk)
                + " possessed of a floor of "
                + books.floor(chunk));
      }
    });
    return found.stream().findFirst();
  }

  static Optional<Finding> starved(ScenarioWorld world) {
    return world.scheduled().flatMap(last -> FloorOracle.starved(world.books(), last));
  }

  static Optional<Finding> badlySpread(ScenarioWorld world) {
    LifecycleSnapshot books = world.books();
    return SpreadOracle.canJudge(books)
        ? SpreadOracle.badlySpread(books, world.scheduled())
        : Optional.empty();
  }

  /**
   * Reports whether bytes unknown to the store fill some disk so far that its worker cannot take
   * its assigned chunks.
   */
  static boolean isCrowded(ScenarioWorld world) {
    return world.workers().stream()
        .anyMatch(worker -> worker.isCrowded(world.books(), world.slice(worker.id())));
  }

  static Optional<ChunkKey> undrained(ScenarioWorld world) {
    LifecycleSnapshot books = world.books();
    List<ChunkKey> found = new ArrayList<>();
    books.forEachChunk(chunk -> {
      ChunkKey key = books.chunkKey(chunk);
      boolean isAny = slots(books, key).stream().anyMatch(slot -> books.supersededAt(slot) != 0);
      if (isAny && !waitsForAbsent(books, chunk)) {
        found.add(key);
      }
    });
    return found.stream().sorted().findFirst();
  }

  /**
   * Reports whether superseded copies stay until a worker is back that is away with an assigned
   * one: without them fewer workers that are there would have the chunk than its floor, or the
   * absence, asks.
   */
  private static boolean waitsForAbsent(LifecycleSnapshot books, int chunk) {
    boolean isAway = false;
    int asked = books.floor(chunk);
    int there = 0;
    for (int slot : ReplicaSlots.of(books, chunk)) {
      int worker = books.replicaWorker(slot);
      if (books.supersededAt(slot) == 0) {
        isAway |= books.workerRow(worker).status() == WorkerStatus.AWAY;
        asked = Math.max(asked, books.workerRow(worker).leastCopies());
        there += books.isCounted(worker) && books.reportedPossessed(slot) ? 1 : 0;
      }
    }
    return isAway && there < asked;
  }

  private static long settledReplicas(LifecycleSnapshot books, int chunk) {
    return ReplicaSlots.of(books, chunk).stream()
        .filter(slot -> books.supersededAt(slot) == 0 && books.reportedPossessed(slot))
        .filter(slot -> books.isPresent(books.replicaWorker(slot)))
        .count();
  }

  static String list(List<?> items) {
    return items.isEmpty()
        ? "none"
        : items.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  static String ids(List<ChunkKey> keys) {
    return keys.isEmpty()
        ? "none"
        : keys.stream().map(ChunkKey::id).collect(Collectors.joining(" "));
  }

  /**
   * Reports whether a worker deletes bytes that the fleet has assigned to it again since, confirmed
   * by a quorum without this worker: such a route may lead to a worker that lacks the bytes
   * (lifecycle design, section 2).
   *
   * @param held the pair as the worker knew it, which its slice names no longer
   */
  static boolean isPromisedAnew(LifecycleSnapshot now, WorkerId worker, SliceEntry held) {
    int chunk = now.chunkPosition(held.number());
    int position = now.workerPosition(worker);
    int slot = chunk < 0 || position < 0 ? LifecycleView.NONE : now.findReplica(chunk, position);
    return slot != LifecycleView.NONE
        && !now.config().confirmation().isPerWorker()
        && now.since(slot) > held.since()
        && now.lastApplied(position) < now.since(slot);
  }

  /**
   * Reports whether superseded or dropped replicas still have to wait: for an earlier, longer
   * window, or for the pause after a new lineage began.
   */
  static boolean isWindowOpen(LifecycleSnapshot now, long tick) {
    long[] last = {Long.MIN_VALUE};
    boolean isPaused = now.isPaused(tick);
    now.forEachChunk(chunk -> {
      if (now.chunkState(chunk) == ChunkState.DROPPED) {
        last[0] = Math.max(last[0], now.endTick(chunk));
      }
      for (int slot : ReplicaSlots.of(now, chunk)) {
        if (now.supersededAt(slot) != 0) {
          last[0] = Math.max(last[0], isPaused ? Long.MAX_VALUE : now.readableUntil(slot));
        }
      }
    });
    return last[0] > tick;
  }
}
