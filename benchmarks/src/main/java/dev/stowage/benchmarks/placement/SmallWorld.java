package dev.stowage.benchmarks.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PoolKey;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.Spread;
import dev.stowage.placement.WeightPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A drawn fleet of at most 20 workers and 100 chunks: of equal or mixed sizes, with zones of up to
 * three levels, limits of domains and of replicas, labels and versions, from half empty to over
 * full, untouched or planned for a while and then disturbed. One seed gives one world. Not
 * thread-safe.
 */
final class SmallWorld {
  private static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
  private static final int LEFTOVER = ReplicaBits.POSSESSED | ReplicaBits.READABLE;
  private static final int MOST_WORKERS = 20;
  private static final int MOST_CHUNKS = 100;
  private static final int MOST_ROUNDS = 6;
  private static final WorkerVersion NEWER = new WorkerVersion(2, 0, 0);

  private static final class Piece {
    final long size;
    int weight = 1;
    int floor = 1;
    int cap;
    int bits;
    Eligibility eligibility = Eligibility.ANY;
    final Map<Integer, Integer> held = new TreeMap<>();

    Piece(long size) {
      this.size = size;
    }
  }

  private final SplittableRandom random;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Piece> chunks = new ArrayList<>();
  private final List<int[]> pins = new ArrayList<>();
  private final List<int[]> bans = new ArrayList<>();
  private final boolean isMixed;
  private final long unit;
  private PlacementConfig config;
  private boolean frozen;

  private SmallWorld(long seed) {
    random = new SplittableRandom(seed);
    isMixed = random.nextBoolean();
    unit = isMixed ? 1 + random.nextInt(12) : 1;
    config = drawConfig();
  }

  static SmallWorld drawn(long seed) {
    SmallWorld world = new SmallWorld(seed);
    world.drawWorkers();
    int history = world.random.nextInt(4);
    world.drawChunks(history == 1);
    if (history >= 2) {
      for (int round = world.random.nextInt(1, MOST_ROUNDS); round > 0; round--) {
        world.follow(world.plan(), true);
      }
    }
    if (history >= 1) {
      world.disturb();
    }
    return world;
  }

  boolean isMixed() {
    return chunks.stream().mapToLong(piece -> piece.size).distinct().count() > 1;
  }

  PlacementPlan plan() {
    return PlacementPlanner.sticky().plan(input());
  }

  private PlacementConfig drawConfig() {
    PlacementConfig.Builder drawn =
        PlacementConfig.builder()
            .saturation(random.nextBoolean() ? 1 : 0.5 + random.nextInt(50) / 100.0)
            .spread(random.nextInt(3) > 0 ? Spread.ZONE : Spread.NONE)
            .factorMode(random.nextInt(5) == 0 ? FactorMode.SMOOTH : FactorMode.WHOLE);
    Map<Integer, Integer> limits = new TreeMap<>();
    for (int level = 1; level <= 3; level++) {
      if (random.nextInt(4) == 0) {
        limits.put(level, 1 + random.nextInt(3));
      }
    }
    return drawn.maxPerDomain(limits).build();
  }

  private void drawWorkers() {
    int levels = random.nextInt(4);
    boolean hasVersions = random.nextInt(4) == 0;
    boolean hasLabels = random.nextInt(4) == 0;
    boolean isLimited = random.nextInt(4) == 0;
    boolean isUneven = random.nextBoolean();
    int count = random.nextInt(1, MOST_WORKERS + 1);
    long mean = unit * random.nextLong(2, 20);
    for (int i = 0; i < count; i++) {
      long capacity = isUneven ? random.nextLong(1, 2 * mean + 1) : mean;
      Worker worker = Worker.of(new WorkerId(String.format(Locale.ROOT, "w%02d", i)), capacity);
      if (levels > 0 && random.nextInt(10) > 0) {
        worker = worker.withZone(zone(levels));
      }
      if (hasVersions && random.nextInt(3) > 0) {
        worker = worker.withVersion(NEWER);
      }
      if (hasLabels && random.nextBoolean()) {
        worker = worker.withLabels(Labels.of("ssd"));
      }
      if (isLimited && random.nextBoolean()) {
        worker = worker.withMaxReplicas(random.nextInt(1, 20));
      }
      workers.add(worker);
    }
  }

  private String zone(int levels) {
    StringBuilder path = new StringBuilder("a" + random.nextInt(3));
    for (int level = 1; level < levels; level++) {
      path.append("/b").append(random.nextInt(3));
    }
    return path.toString();
  }

  /** Draws chunks up to a share of the capacity, with drawn holders if {@code areHeld}. */
  private void drawChunks(boolean areHeld) {
    long capacity = workers.stream().mapToLong(Worker::capacityBytes).sum();
    long share = random.nextInt(3) == 0 ? random.nextInt(30, 90) : random.nextInt(85, 112);
    int floor = random.nextInt(1, 4);
    int spread = random.nextInt(3);
    int cap = random.nextInt(3);
    boolean isWeighted = random.nextBoolean();
    boolean isRestricted = random.nextBoolean();
    long wanted = 0;
    while (chunks.size() < MOST_CHUNKS && wanted < capacity * share / 100) {
      Piece piece = new Piece(drawSize());
      piece.floor = floor + (spread == 0 ? random.nextInt(3) : 0);
      piece.cap = cap == 0 ? piece.floor : cap == 1 ? piece.floor + 1 : WeightPolicy.UNCAPPED;
      piece.weight = isWeighted ? 1 + random.nextInt(8) : 1;
      if (isRestricted && random.nextInt(4) == 0) {
        piece.eligibility =
            new Eligibility(
                random.nextBoolean() ? NEWER : new WorkerVersion(0, 0, 0),
                random.nextBoolean() ? Labels.of("ssd") : Labels.NONE);
      }
      wanted += piece.size * piece.floor;
      chunks.add(piece);
      if (areHeld) {
        hold(piece);
      }
    }
  }

  private long drawSize() {
    if (!isMixed) {
      return 1;
    }
    return random.nextInt(6) == 0 ? random.nextLong(0, 3 * unit) : random.nextLong(1, unit + 2);
  }

  private void hold(Piece piece) {
    for (int worker = 0; worker < workers.size(); worker++) {
      if (random.nextInt(workers.size()) <= piece.floor
          && footprint(worker) + piece.size <= workers.get(worker).capacityBytes()) {
        piece.held.put(worker, heldBits());
      }
    }
    piece.bits = piece.held.isEmpty() ? 0 : SEEN;
  }

  private int heldBits() {
    return switch (random.nextInt(12)) {
      case 0 -> ReplicaBits.SUPERSEDED | LEFTOVER;
      case 1 -> ReplicaBits.DRAINING | LEFTOVER;
      case 2 -> ReplicaBits.ASSIGNED;
      default -> HELD;
    };
  }

  private long footprint(int worker) {
    return chunks.stream()
        .filter(piece -> piece.held.containsKey(worker))
        .mapToLong(piece -> piece.size)
        .sum();
  }

  /** Changes the fleet: workers leave or shrink, chunks come, floors rise, budgets are set. */
  private void disturb() {
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      switch (random.nextInt(14)) {
        case 0, 1 -> workers.set(i, worker.withStatus(WorkerStatus.LEAVING));
        case 2 -> workers.set(i, worker.withStatus(WorkerStatus.CORDONED));
        case 3 -> workers.set(i, worker.withStatus(WorkerStatus.SUSPECT));
        case 4 -> {
          long kept = worker.capacityBytes() * random.nextInt(50, 100) / 100;
          workers.set(i, worker.withCapacityBytes(Math.max(1, kept)));
        }
        default -> {
          // Nothing happens to this one.
        }
      }
    }
    for (int i = random.nextInt(6); i > 0 && chunks.size() < MOST_CHUNKS; i--) {
      Piece piece = new Piece(drawSize());
      piece.floor = random.nextInt(1, 4);
      piece.cap = piece.floor;
      chunks.add(piece);
    }
    if (random.nextInt(5) == 0) {
      chunks.forEach(piece -> piece.floor++);
    }
    drawPairs();
    frozen = random.nextInt(40) == 0;
    config =
        switch (random.nextInt(5)) {
          case 0 -> config.toBuilder().budget(new MovementBudget(0, 0, 0, 0)).build();
          case 1 -> config.toBuilder().budget(drawBudget()).build();
          default -> config;
        };
  }

  private MovementBudget drawBudget() {
    long bytes = unit * random.nextInt(1, 8);
    return new MovementBudget(bytes, random.nextInt(1, 5), bytes, bytes);
  }

  private void drawPairs() {
    boolean any = !chunks.isEmpty() && random.nextInt(4) == 0;
    for (int i = any ? random.nextInt(4) : 0; i > 0; i--) {
      int[] pair = {random.nextInt(chunks.size()), random.nextInt(workers.size())};
      boolean isFree =
          pins.stream().noneMatch(it -> it[0] == pair[0] && it[1] == pair[1])
              && bans.stream().noneMatch(it -> it[0] == pair[0] && it[1] == pair[1]);
      if (isFree) {
        (random.nextBoolean() ? pins : bans).add(pair);
      }
    }
  }

  PlacementInput input() {
    PlacementInputBuilder input = PlacementInput.builder(config);
    workers.forEach(input::addWorker);
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      Piece piece = chunks.get(chunk);
      input.addChunk(Avalanche.of(chunk + 1), piece.size);
      input
          .set(chunk, ChunkColumn.WEIGHT, piece.weight)
          .set(chunk, ChunkColumn.FLOOR, piece.floor)
          .set(chunk, ChunkColumn.CAP, piece.cap);
      input.bits(chunk, piece.bits);
      input.set(chunk, ChunkColumn.POOL, input.pool(PoolKey.of(piece.eligibility)));
      for (Map.Entry<Integer, Integer> replica : piece.held.entrySet()) {
        input.replica(chunk, replica.getKey(), replica.getValue());
      }
    }
    pins.forEach(pin -> input.pin(pin[0], pin[1]));
    bans.forEach(ban -> input.ban(ban[0], ban[1]));
    if (frozen) {
      input.freeze();
    }
    return input.build();
  }

  /**
   * Carries out a plan: all at once and drained, or copies arrive at once and dropped replicas
   * drain for a plan.
   */
  void follow(PlacementPlan plan, boolean isDrained) {
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      Piece piece = chunks.get(chunk);
      Map<Integer, Integer> before = new TreeMap<>(piece.held);
      piece.held.clear();
      for (int worker : plan.wantedWorkers(chunk)) {
        piece.held.put(worker, HELD);
      }
      before.forEach((worker, bits) -> {
        boolean isDropped = (bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
        if (!isDrained && isDropped && (bits & ReplicaBits.POSSESSED) != 0) {
          piece.held.putIfAbsent(worker, ReplicaBits.DRAINING | LEFTOVER);
        }
      });
      if (!piece.held.isEmpty()) {
        piece.bits |= SEEN;
      }
    }
  }
}
