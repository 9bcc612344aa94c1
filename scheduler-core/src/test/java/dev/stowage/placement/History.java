package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.WarmPlanner.ChunkDraft;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A fleet that changes step by step, told to a warm planner as deltas, and to a fresh one as a
 * whole input. It keeps plain collections of its own, so that a wrong delta cannot hide.
 */
final class History {
  /** A kind of delta that a broken caller would forget. */
  enum Loss {
    NONE,
    WORKER,
    DROPPED_WORKER,
    CHUNK,
    DROPPED_CHUNK,
    REPLICAS,
    CONFIG,
    PIN,
    BAN,
    AVOIDED,
    REQUEST
  }

  final WarmPlanner planner;
  PlacementConfig config;
  final TreeMap<Integer, Worker> workers = new TreeMap<>();
  private final TreeMap<Integer, World.Piece> chunks = new TreeMap<>();
  private final Draws draws;
  private final SmallWorlds worlds;
  private final int levels;
  private final boolean isCounted;
  private final boolean isPaced;
  private final Loss loss;
  private final List<int[]> pins = new ArrayList<>();
  private final List<int[]> bans = new ArrayList<>();
  private final List<int[]> intents = new ArrayList<>();
  private final List<int[]> scores = new ArrayList<>();
  private final List<int[]> sides = new ArrayList<>();
  private final List<int[]> waits = new ArrayList<>();
  private final BitSet avoided = new BitSet();
  private final List<PoolFactor> previous = new ArrayList<>();
  private final long[] keyOfSlot = new long[200];
  private int swaps;
  private boolean frozen;
  private long debt;
  private long nextKey;

  History(Draws draws) {
    this(draws, Loss.NONE);
  }

  /** A history of which the planner is not told one kind of change. */
  History(Draws draws, Loss loss) {
    this(draws, loss, worlds -> worlds);
  }

  /** A history under the rules of these worlds. */
  History(Draws draws, Loss loss, UnaryOperator<SmallWorlds> ruled) {
    this.draws = draws;
    this.loss = loss;
    levels = 1 + draws.nextInt(3);
    worlds = ruled.apply(SmallWorlds.any().zones(levels));
    isCounted = draws.oneIn(4);
    isPaced = draws.oneIn(2);
    if (draws.oneIn(3)) {
      worlds.limited();
    }
    config = worlds.config(draws);
    planner =
        WarmPlanner.of(config, (one, other) -> Long.compare(keyOfSlot[one], keyOfSlot[other]));
    for (int i = draws.nextInt(9); i > 0; i--) {
      putWorker(freeSlot(workers, 14));
    }
    for (int i = draws.nextInt(30); i > 0; i--) {
      putNewChunk();
    }
  }

  /** One random change. */
  void step() {
    switch (draws.nextInt(24)) {
      case 0, 1 -> putWorker(draws.oneIn(3) ? freeSlot(workers, 14) : any(workers));
      case 2 -> dropWorker(any(workers));
      case 3, 4, 5 -> putNewChunk();
      case 6, 7 -> dropChunk(any(chunks));
      case 8, 9, 10 -> changeChunk(any(chunks));
      case 11, 12 -> changeReplica(any(chunks));
      case 13 -> configure();
      case 14 -> changePair(true);
      case 15 -> changePair(false);
      case 16 -> avoid();
      case 17 -> request();
      case 18 -> forgetFactors();
      default -> carryOut();
    }
  }

  /** The whole input, chunks and workers in canonical order. */
  PlacementInput input() {
    World world = new World();
    world.config = config;
    List<Integer> workerSlots = new ArrayList<>(workers.keySet());
    workerSlots.sort((one, other) -> workers.get(one).id().compareTo(workers.get(other).id()));
    List<Integer> chunkSlots = canonicalChunks();
    workerSlots.forEach(slot -> world.workers.add(workers.get(slot)));
    avoided.stream().forEach(slot -> world.avoided.add(workerSlots.indexOf(slot)));
    for (int slot : chunkSlots) {
      World.Piece piece = chunks.get(slot).copy();
      piece.held.clear();
      chunks
          .get(slot)
          .held
          .forEach((holder, bits) -> piece.held.put(workerSlots.indexOf(holder), bits));
      world.chunks.add(piece);
    }
    translate(pins, world.pins, chunkSlots, workerSlots);
    translate(bans, world.bans, chunkSlots, workerSlots);
    translate(scores, world.scores, chunkSlots, workerSlots);
    for (int[] it : intents) {
      world.intents.add(
          new int[] {
            chunkSlots.indexOf(it[0]), workerSlots.indexOf(it[1]), workerSlots.indexOf(it[2])
          });
    }
    for (int swap = 0; swap < swaps; swap++) {
      int own = swap;
      world.sides.add(
          sides.stream()
              .filter(side -> side[1] == own)
              .map(side -> chunkSlots.indexOf(side[0]))
              .toList());
    }
    world.waits.addAll(waits);
    world.previous.addAll(previous);
    world.frozen = frozen;
    world.debt = debt;
    return world.input();
  }

  private static void translate(
      List<int[]> from, List<int[]> to, List<Integer> chunkSlots, List<Integer> workerSlots) {
    for (int[] each : from) {
      int[] other = each.clone();
      other[0] = chunkSlots.indexOf(each[0]);
      other[1] = workerSlots.indexOf(each[1]);
      to.add(other);
    }
  }

  List<Integer> canonicalChunks() {
    List<Integer> slots = new ArrayList<>(chunks.keySet());
    slots.sort((one, other) -> Long.compare(keyOfSlot[one], keyOfSlot[other]));
    return slots;
  }

  // --- changes

  private void configure() {
    MovementBudget budget =
        draws.oneIn(3) ? MovementBudget.ofBytes(draws.nextInt(100)) : MovementBudget.UNLIMITED;
    config = worlds.config(draws).toBuilder().budget(budget).build();
    if (loss != Loss.CONFIG) {
      planner.configure(config);
    }
  }

  private int freeSlot(TreeMap<Integer, ?> taken, int most) {
    int slot = draws.nextInt(most);
    while (taken.containsKey(slot)) {
      slot++;
    }
    return slot;
  }

  private void putWorker(int slot) {
    if (slot < 0) {
      return;
    }
    Worker known = workers.get(slot);
    Worker worker = worlds.worker(draws.nextInt(90) * 100 + slot, levels, isCounted, draws);
    if (isPaced && draws.nextInt(4) > 0) {
      worker = worker.withDownlink(draws.pick(1, 20, 400));
    }
    if (known != null) {
      worker =
          switch (draws.nextInt(4)) {
            case 0 -> known.withStatus(draws.pick(WorkerStatus.values()));
            case 1 ->
                known
                    .withStatus(WorkerStatus.LEAVING)
                    .withReplacement(Optional.of(workers.get(any(workers)).id()));
            case 2 ->
                known
                    .withCapacityBytes(worker.capacityBytes())
                    .withMaxReplicas(worker.maxReplicas());
            default ->
                known
                    .withZone(worker.zone())
                    .withDownlink(worker.description().downlinkBytesPerSecond())
                    .withVersion(worker.version())
                    .withLabels(worker.labels());
          };
    }
    workers.put(slot, worker);
    if (loss != Loss.WORKER || known == null) {
      planner.worker(slot, worker);
    }
  }

  private void dropWorker(int slot) {
    if (slot < 0) {
      return;
    }
    workers.remove(slot);
    avoided.clear(slot);
    chunks.values().forEach(piece -> piece.held.remove(slot));
    pins.removeIf(pair -> pair[1] == slot);
    bans.removeIf(pair -> pair[1] == slot);
    intents.removeIf(intent -> intent[1] == slot || intent[2] == slot);
    scores.removeIf(score -> score[1] == slot);
    if (loss != Loss.DROPPED_WORKER) {
      planner.dropWorker(slot);
    }
    sendRequest();
  }

  private void putNewChunk() {
    int slot = freeSlot(chunks, 40);
    keyOfSlot[slot] = draws.nextInt(1_000_000) * 1000L + nextKey++;
    World.Piece piece = new World.Piece(Avalanche.of(draws.nextInt(1_000_000)), worlds.size(draws));
    chunks.put(slot, piece);
    worlds.describe(piece, draws);
    send(slot);
  }

  private void dropChunk(int slot) {
    if (slot < 0) {
      return;
    }
    chunks.remove(slot);
    pins.removeIf(pair -> pair[0] == slot);
    bans.removeIf(pair -> pair[0] == slot);
    intents.removeIf(intent -> intent[0] == slot);
    scores.removeIf(score -> score[0] == slot);
    sides.removeIf(side -> side[0] == slot);
    if (loss != Loss.DROPPED_CHUNK) {
      planner.dropChunk(slot);
    }
    sendRequest();
  }

  private void changeChunk(int slot) {
    if (slot >= 0) {
      World.Piece piece = chunks.get(slot);
      piece.size = draws.oneIn(3) ? worlds.size(draws) : piece.size;
      worlds.describe(piece, draws);
      if (loss != Loss.CHUNK) {
        send(slot);
      }
    }
  }

  private void changeReplica(int slot) {
    int worker = any(workers);
    if (slot < 0 || worker < 0) {
      return;
    }
    Map<Integer, Integer> held = chunks.get(slot).held;
    if (held.remove(worker) == null || draws.nextBoolean()) {
      held.put(worker, SmallWorlds.replica(draws));
    }
    if (loss != Loss.REPLICAS) {
      send(slot);
    }
  }

  private void changePair(boolean isPin) {
    int chunk = any(chunks);
    int worker = any(workers);
    List<int[]> pairs = isPin ? pins : bans;
    List<int[]> others = isPin ? bans : pins;
    if (chunk < 0
        || worker < 0
        || others.stream().anyMatch(pair -> pair[0] == chunk && pair[1] == worker)) {
      return;
    }
    boolean ends = pairs.removeIf(pair -> pair[0] == chunk && pair[1] == worker);
    if (!ends) {
      pairs.add(new int[] {chunk, worker});
    }
    if (loss == (isPin ? Loss.PIN : Loss.BAN)) {
      return;
    }
    if (isPin && ends) {
      planner.unpin(chunk, worker);
    } else if (isPin) {
      planner.pin(chunk, worker);
    } else if (ends) {
      planner.unban(chunk, worker);
    } else {
      planner.ban(chunk, worker);
    }
  }

  private void avoid() {
    int worker = any(workers);
    if (worker >= 0) {
      avoided.flip(worker);
      if (loss != Loss.AVOIDED) {
        planner.avoid(avoided);
      }
    }
  }

  private void request() {
    sides.clear();
    waits.clear();
    intents.clear();
    scores.clear();
    swaps = draws.nextInt(3);
    for (int slot : chunks.keySet()) {
      if (swaps > 0 && draws.oneIn(4)) {
        sides.add(new int[] {slot, draws.nextInt(swaps)});
      }
    }
    if (swaps == 2 && draws.nextBoolean()) {
      waits.add(new int[] {1, 0});
    }
    int chunk = any(chunks);
    if (chunk >= 0 && workers.size() > 1) {
      intents.add(new int[] {chunk, workers.firstKey(), workers.lastKey()});
    }
    int part = draws.nextInt(4);
    chunks.forEach((slot, piece) -> {
      for (int worker : piece.held.keySet()) {
        if (draws.nextInt(3) < part) {
          scores.add(new int[] {slot, worker, draws.nextInt(1_000_001)});
        }
      }
    });
    frozen = draws.oneIn(6);
    debt = draws.oneIn(4) ? draws.nextInt(50) : 0;
    sendRequest();
  }

  private void forgetFactors() {
    previous.clear();
    sendRequest();
  }

  /** Everything is held as the last plan wants it. */
  private void carryOut() {
    PlacementPlan plan = planner.plan();
    previous.clear();
    plan.factors().stream().filter(factor -> !factor.isCapped()).forEach(previous::add);
    chunks.forEach((slot, piece) -> {
      if (!draws.oneIn(10)) {
        World.carryOut(piece, plan, slot);
      }
    });
    chunks.keySet().forEach(this::send);
    sendRequest();
  }

  private void send(int slot) {
    World.Piece piece = chunks.get(slot);
    ChunkDraft draft =
        planner
            .chunk(slot, piece.hash, piece.size)
            .set(ChunkColumn.WEIGHT, piece.weight)
            .set(ChunkColumn.FLOOR, piece.floor)
            .set(ChunkColumn.CAP, piece.cap)
            .bits(piece.bits)
            .set(ChunkColumn.ADMITTED, piece.admitted)
            .set(ChunkColumn.RECENTLY_LOST, piece.recentlyLost)
            .set(ChunkColumn.DATASET, piece.told())
            .set(ChunkColumn.POOL, planner.pool(piece.pool(config)));
    piece.held.forEach(draft::replica);
    draft.put();
  }

  private void sendRequest() {
    PlanRequest.Builder request = PlanRequest.builder();
    for (int i = 0; i < swaps; i++) {
      request.addSwap();
    }
    sides.forEach(side -> request.newSide(side[0], side[1]));
    waits.forEach(wait -> request.waitsFor(wait[0], wait[1]));
    intents.forEach(intent -> request.intent(intent[0], intent[1], intent[2]));
    scores.forEach(score -> request.score(score[0], score[1], score[2]));
    for (PoolFactor factor : previous) {
      request.previousFactor(
          planner.pool(factor.pool()), factor.weight(), factor.targetMillionths());
    }
    if (frozen) {
      request.freeze();
    }
    request.movementDebt(debt, debt);
    if (loss != Loss.REQUEST) {
      planner.request(request.build());
    }
  }

  private int any(TreeMap<Integer, ?> of) {
    List<Integer> slots = new ArrayList<>(of.keySet());
    return slots.isEmpty() ? -1 : slots.get(draws.nextInt(slots.size()));
  }
}
