package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A fleet that changes step by step, told to a warm planner as deltas, and to a fresh one as a
 * whole input. It keeps plain collections of its own, so that a wrong delta cannot hide.
 */
final class History {
  /** One chunk of the model; the key gives its canonical place. */
  static final class Entry {
    final long key;
    World.Piece piece;

    Entry(long key, World.Piece piece) {
      this.key = key;
      this.piece = piece;
    }
  }

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

  final SplittableRandom random;
  private final Function<SplittableRandom, String> zones;
  private Loss loss = Loss.NONE;
  final WarmPlanner planner;
  PlacementConfig config;

  /** Of chunks that are described from here on. */
  private int floor;

  final TreeMap<Integer, Worker> workers = new TreeMap<>();
  final TreeMap<Integer, Entry> chunks = new TreeMap<>();
  final List<int[]> pins = new ArrayList<>();
  final List<int[]> bans = new ArrayList<>();
  final List<int[]> intents = new ArrayList<>();
  final List<int[]> scores = new ArrayList<>();
  final List<int[]> sides = new ArrayList<>();
  final List<int[]> waits = new ArrayList<>();
  final BitSet avoided = new BitSet();
  final List<PoolFactor> previous = new ArrayList<>();
  private int swaps;
  private boolean frozen;

  /** Whether some workers may hold only so many replicas; drawn from a hash, like caps. */
  private final boolean isLimited;

  /** The same of whether domains may have only so many replicas of a chunk. */
  private final boolean isDomainLimited;

  private long configured;

  private long debt;
  private long nextKey;
  private final long[] keyOfSlot = new long[200];

  History(long seed) {
    this(seed, drawn -> "z" + drawn.nextInt(4));
  }

  /** A history of workers whose zones are drawn so. */
  History(long seed, Function<SplittableRandom, String> zones) {
    random = new SplittableRandom(seed);
    isLimited = (Avalanche.of(seed) & 3) == 0;
    isDomainLimited = (Avalanche.of(~seed) & 3) == 0;
    configured = seed;
    this.zones = zones;
    config = drawConfig(MovementBudget.UNLIMITED);
    planner =
        WarmPlanner.of(config, (one, other) -> Long.compare(keyOfSlot[one], keyOfSlot[other]));
    for (int i = random.nextInt(9); i > 0; i--) {
      putWorker(freeWorkerSlot());
    }
    for (int i = random.nextInt(30); i > 0; i--) {
      putNewChunk();
    }
  }

  /** From here on the planner is not told of one kind of change. */
  void lose(Loss kind) {
    loss = kind;
  }

  /** One random change. */
  void step() {
    switch (random.nextInt(24)) {
      case 0, 1 -> putWorker(random.nextInt(3) == 0 ? freeWorkerSlot() : anyWorker());
      case 2 -> dropWorker(anyWorker());
      case 3, 4, 5 -> putNewChunk();
      case 6, 7 -> dropChunk(anyChunk());
      case 8, 9, 10 -> changeChunk(anyChunk());
      case 11, 12 -> changeReplica(anyChunk());
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
    PlacementInputBuilder input = PlacementInput.builder(config);
    workerSlots.forEach(slot -> input.addWorker(workers.get(slot)));
    avoided.stream().forEach(slot -> input.avoid(workerSlots.indexOf(slot)));
    for (int slot : chunkSlots) {
      World.Piece piece = chunks.get(slot).piece;
      int at = input.addChunk(piece.hash, piece.size);
      input.weight(at, piece.weight).floor(at, piece.floor).cap(at, piece.cap);
      input.bits(at, piece.bits);
      input.admitted(at, piece.admitted).recentlyLost(at, piece.recentlyLost);
      input.eligibility(at, input.eligibility(piece.eligibility));
      piece.held.forEach((holder, bits) -> input.replica(at, workerSlots.indexOf(holder), bits));
    }
    pins.forEach(pin -> input.pin(chunkSlots.indexOf(pin[0]), workerSlots.indexOf(pin[1])));
    bans.forEach(ban -> input.ban(chunkSlots.indexOf(ban[0]), workerSlots.indexOf(ban[1])));
    addRequest(input, chunkSlots, workerSlots);
    return input.build();
  }

  private void addRequest(
      PlacementInputBuilder input, List<Integer> chunkSlots, List<Integer> workerSlots) {
    for (int i = 0; i < swaps; i++) {
      input.addSwap();
    }
    sides.forEach(side -> input.newSide(chunkSlots.indexOf(side[0]), side[1]));
    waits.forEach(wait -> input.waitsFor(wait[0], wait[1]));
    for (int[] intent : intents) {
      input.intent(
          chunkSlots.indexOf(intent[0]),
          workerSlots.indexOf(intent[1]),
          workerSlots.indexOf(intent[2]));
    }
    for (int[] score : scores) {
      input.score(chunkSlots.indexOf(score[0]), workerSlots.indexOf(score[1]), score[2]);
    }
    for (PoolFactor factor : previous) {
      input.previousFactor(
          input.eligibility(factor.eligibility()), factor.weight(), factor.targetMillionths());
    }
    if (frozen) {
      input.freeze();
    }
    input.movementDebt(debt, debt);
  }

  List<Integer> canonicalChunks() {
    List<Integer> slots = new ArrayList<>(chunks.keySet());
    slots.sort((one, other) -> Long.compare(keyOfSlot[one], keyOfSlot[other]));
    return slots;
  }

  // --- changes

  /** Drawn from a hash, like caps; most histories have none. */
  private Map<Integer, Integer> domainLimits() {
    return isDomainLimited ? DomainWorld.limits(Avalanche.of(++configured)) : Map.of();
  }

  private PlacementConfig drawConfig(MovementBudget budget) {
    floor = 1 + random.nextInt(3);
    return PlacementConfig.builder()
        .saturation(0.5 + random.nextInt(51) / 100.0)
        .spread(random.nextBoolean() ? Spread.ZONE : Spread.NONE)
        .factorMode(random.nextInt(4) == 0 ? FactorMode.SMOOTH : FactorMode.WHOLE)
        .budget(budget)
        .maxPerDomain(domainLimits())
        .build();
  }

  private void configure() {
    config =
        drawConfig(
            random.nextInt(3) > 0
                ? MovementBudget.UNLIMITED
                : MovementBudget.ofBytes(random.nextInt(100)));
    if (loss != Loss.CONFIG) {
      planner.configure(config);
    }
  }

  private int freeWorkerSlot() {
    int slot = random.nextInt(14);
    while (workers.containsKey(slot)) {
      slot++;
    }
    return slot;
  }

  private void putWorker(int slot) {
    if (slot < 0) {
      return;
    }
    WorkerStatus[] all = WorkerStatus.values();
    Worker known = workers.get(slot);
    WorkerId id =
        known != null
            ? known.id()
            : WorkerId.of(String.format(Locale.ROOT, "w%06d", random.nextInt(1_000_000)));
    Worker worker =
        Worker.of(id, random.nextInt(1, 200))
            .withZone(zones.apply(random))
            .withVersion(new WorkerVersion(1 + random.nextInt(2), 0, 0))
            .withLabels(random.nextInt(4) == 0 ? Labels.of("ssd") : Labels.NONE)
            .withStatus(
                random.nextInt(3) == 0 ? all[random.nextInt(all.length)] : WorkerStatus.ACTIVE);
    if (isLimited) {
      worker = worker.withMaxReplicas(Fleets.limit(Avalanche.of(worker.capacityBytes())));
    }
    if (known != null && random.nextInt(3) > 0) {
      worker =
          random.nextBoolean()
              ? known.withStatus(worker.status())
              : known
                  .withCapacityBytes(worker.capacityBytes())
                  .withMaxReplicas(worker.maxReplicas());
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
    chunks.values().forEach(entry -> entry.piece.held.remove(slot));
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
    int slot = random.nextInt(40);
    while (chunks.containsKey(slot)) {
      slot++;
    }
    keyOfSlot[slot] = random.nextInt(1_000_000) * 1000L + nextKey++;
    World.Piece piece = new World.Piece(Avalanche.of(random.nextInt(1_000_000)), drawSize());
    chunks.put(slot, new Entry(keyOfSlot[slot], piece));
    describe(piece);
    send(slot);
  }

  private long drawSize() {
    return random.nextInt(random.nextBoolean() ? 10 : 60);
  }

  private void describe(World.Piece piece) {
    piece.weight = new int[] {1, 4, 12}[random.nextInt(3)];
    piece.admitted = random.nextInt(3);
    piece.recentlyLost = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
    piece.floor = random.nextInt(5) == 0 ? 1 + random.nextInt(4) : floor;
    piece.cap = Fleets.cap(piece.hash);
    int pool = random.nextInt(8);
    piece.eligibility =
        pool == 0
            ? new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE)
            : pool == 1 ? new Eligibility(WorkerVersion.ZERO, Labels.of("ssd")) : Eligibility.ANY;
    piece.bits = random.nextInt(3) == 0 ? 0 : World.SEEN;
    if (piece.bits != 0 && random.nextInt(8) == 0) {
      piece.bits |=
          new int[] {ChunkBits.PINNED, ChunkBits.ENDING, ChunkBits.COOLING}[random.nextInt(3)];
    }
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
      World.Piece piece = chunks.get(slot).piece;
      piece.size = random.nextInt(3) == 0 ? drawSize() : piece.size;
      describe(piece);
      if (loss != Loss.CHUNK) {
        send(slot);
      }
    }
  }

  private void changeReplica(int slot) {
    int worker = anyWorker();
    if (slot < 0 || worker < 0) {
      return;
    }
    Map<Integer, Integer> held = chunks.get(slot).piece.held;
    if (held.remove(worker) == null || random.nextBoolean()) {
      int state = new int[] {0, 0, 0, 1, 2}[random.nextInt(5)];
      int facts = random.nextInt(15) == 0 ? ReplicaBits.GIVEN_UP : random.nextInt(8) * 4;
      held.put(worker, state | facts);
    }
    if (loss != Loss.REPLICAS) {
      send(slot);
    }
  }

  private void changePair(boolean pin) {
    int chunk = anyChunk();
    int worker = anyWorker();
    if (chunk < 0 || worker < 0) {
      return;
    }
    List<int[]> pairs = pin ? pins : bans;
    List<int[]> others = pin ? bans : pins;
    if (others.stream().anyMatch(pair -> pair[0] == chunk && pair[1] == worker)) {
      return;
    }
    boolean lost = loss == (pin ? Loss.PIN : Loss.BAN);
    boolean known = pairs.removeIf(pair -> pair[0] == chunk && pair[1] == worker);
    if (!known) {
      pairs.add(new int[] {chunk, worker});
    }
    if (!lost && pin) {
      tellPin(chunk, worker, known);
    } else if (!lost) {
      tellBan(chunk, worker, known);
    }
  }

  private void tellPin(int chunk, int worker, boolean ends) {
    if (ends) {
      planner.unpin(chunk, worker);
    } else {
      planner.pin(chunk, worker);
    }
  }

  private void tellBan(int chunk, int worker, boolean ends) {
    if (ends) {
      planner.unban(chunk, worker);
    } else {
      planner.ban(chunk, worker);
    }
  }

  private void avoid() {
    int worker = anyWorker();
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
    swaps = random.nextInt(3);
    for (int slot : chunks.keySet()) {
      if (swaps > 0 && random.nextInt(4) == 0) {
        sides.add(new int[] {slot, random.nextInt(swaps)});
      }
    }
    if (swaps == 2 && random.nextBoolean()) {
      waits.add(new int[] {1, 0});
    }
    int chunk = anyChunk();
    if (chunk >= 0 && workers.size() > 1) {
      intents.add(new int[] {chunk, workers.firstKey(), workers.lastKey()});
    }
    drawScores();
    frozen = random.nextInt(6) == 0;
    debt = random.nextInt(4) == 0 ? random.nextInt(50) : 0;
    sendRequest();
  }

  /** Of a part of what is held, or of nothing. */
  private void drawScores() {
    scores.clear();
    SplittableRandom own = random.split();
    int part = own.nextInt(4);
    chunks.forEach((slot, entry) -> {
      for (int worker : entry.piece.held.keySet()) {
        if (own.nextInt(3) < part) {
          scores.add(new int[] {slot, worker, own.nextInt(1_000_001)});
        }
      }
    });
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
    for (int slot : List.copyOf(chunks.keySet())) {
      if (random.nextInt(10) > 0) {
        World.Piece piece = chunks.get(slot).piece;
        piece.held.clear();
        for (int worker : plan.wantedWorkers(slot)) {
          piece.held.put(worker, World.HELD);
        }
        if (!piece.held.isEmpty() && (piece.bits & ChunkBits.PINNED) == 0) {
          piece.bits |= World.SEEN;
        }
      }
    }
    chunks.keySet().forEach(this::send);
    sendRequest();
  }

  private void send(int slot) {
    World.Piece piece = chunks.get(slot).piece;
    ChunkDraft draft =
        planner
            .chunk(slot, piece.hash, piece.size)
            .weight(piece.weight)
            .floor(piece.floor)
            .cap(piece.cap)
            .bits(piece.bits)
            .admitted(piece.admitted)
            .recentlyLost(piece.recentlyLost)
            .eligibility(planner.eligibility(piece.eligibility));
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
          planner.eligibility(factor.eligibility()), factor.weight(), factor.targetMillionths());
    }
    if (frozen) {
      request.freeze();
    }
    request.movementDebt(debt, debt);
    if (loss != Loss.REQUEST) {
      planner.request(request.build());
    }
  }

  private int anyWorker() {
    return any(workers);
  }

  private int anyChunk() {
    return any(chunks);
  }

  private int any(TreeMap<Integer, ?> of) {
    List<Integer> slots = new ArrayList<>(of.keySet());
    return slots.isEmpty() ? -1 : slots.get(random.nextInt(slots.size()));
  }
}
