package dev.stowage.placement;

import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Draws small worlds. A property states what its worlds have; all else in them is plain. */
final class SmallWorlds {
  static final Eligibility SECOND = new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
  static final Eligibility SSD = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));

  /** The replicas on the workers of a drawn world. */
  private enum Holding {
    NOTHING,
    REPLICAS,
    LEFTOVERS
  }

  /** The states of workers that are not active. */
  private enum Absence {
    NONE,
    LEAVING,
    ANY
  }

  private int[] workers = {2, 6};
  private int[] capacity = {0, 5};
  private int[] chunks = {1, 9};
  private int[] size = {1, 1};
  private int[] floor = {1, 3};
  private int[] saturation = {100, 100};
  private Holding holding = Holding.NOTHING;
  private Absence absence = Absence.NONE;
  private int levels;
  private boolean isPlainZoned;
  private boolean isLimited;
  private boolean isCounted;
  private boolean isRestricted;
  private boolean isCapped;
  private boolean isWeighted;
  private boolean isSeen;
  private boolean isHeldToFloor;
  private boolean hasWishes;
  private boolean hasScores;
  private boolean hasBudget;
  private boolean hasSwaps;
  private boolean isShared;
  private String[] datasets = {"d"};
  private UnaryOperator<PlacementConfig.Builder> rules = UnaryOperator.identity();

  /** Returns worlds in which anything goes, up to 8 workers and 29 chunks. */
  static SmallWorlds any() {
    SmallWorlds any = new SmallWorlds().workers(0, 8).capacity(1, 199).chunks(0, 29).size(0, 59);
    any.absence = Absence.ANY;
    any.isPlainZoned = true;
    any.isWeighted = true;
    any.hasWishes = true;
    return any.saturation(50, 100).leftovers().zones(1).counted().restricted().capped();
  }

  /** Returns worlds of at most 5 workers and 6 chunks of up to 3 bytes that hardly fit. */
  static SmallWorlds tiny() {
    return new SmallWorlds().workers(2, 5).capacity(1, 9).chunks(1, 6).size(1, 3).restricted();
  }

  SmallWorlds workers(int least, int most) {
    workers = new int[] {least, most};
    return this;
  }

  SmallWorlds capacity(int least, int most) {
    capacity = new int[] {least, most};
    return this;
  }

  SmallWorlds chunks(int least, int most) {
    chunks = new int[] {least, most};
    return this;
  }

  SmallWorlds size(int least, int most) {
    size = new int[] {least, most};
    return this;
  }

  SmallWorlds floor(int least, int most) {
    floor = new int[] {least, most};
    return this;
  }

  /** Sets the range of the share of the fleet that factors may spend, in percent. */
  SmallWorlds saturation(int least, int most) {
    saturation = new int[] {least, most};
    return this;
  }

  /** Half of the chunks are new, the others are held by some workers that have room. */
  SmallWorlds held() {
    holding = Holding.REPLICAS;
    return this;
  }

  /** No chunk is new, and none is without a replica. */
  SmallWorlds seen() {
    isSeen = true;
    return held();
  }

  /** No chunk is new, and the floor of each is what it has. */
  SmallWorlds heldToTheFloor() {
    isHeldToFloor = true;
    return seen();
  }

  /** Like {@link #held()}, in any state, and now and then beyond the room. */
  SmallWorlds leftovers() {
    holding = Holding.LEFTOVERS;
    return this;
  }

  /** The first worker leaves, and perhaps the second. */
  SmallWorlds leaving() {
    absence = Absence.LEAVING;
    return this;
  }

  /** Some workers are not active, for whatever reason. */
  SmallWorlds absent() {
    absence = Absence.ANY;
    return this;
  }

  /** Most workers have a zone: a path of up to so many levels. */
  SmallWorlds zones(int most) {
    levels = most;
    isPlainZoned = most == 1;
    return this;
  }

  /** Domains may have only so many replicas of a chunk. */
  SmallWorlds limited() {
    isLimited = true;
    return zones(Math.max(levels, 3));
  }

  /** In some worlds half of the workers may hold only so many replicas. */
  SmallWorlds counted() {
    isCounted = true;
    return this;
  }

  /** Some chunks ask for a version or a label that some workers have. */
  SmallWorlds restricted() {
    isRestricted = true;
    return this;
  }

  /** Some chunks have a cap. */
  SmallWorlds capped() {
    isCapped = true;
    return this;
  }

  SmallWorlds wishes() {
    hasWishes = true;
    return this;
  }

  SmallWorlds scores() {
    hasScores = true;
    return this;
  }

  SmallWorlds budget() {
    hasBudget = true;
    return this;
  }

  SmallWorlds swaps() {
    hasSwaps = true;
    return this;
  }

  /** Chunks are of one of these datasets, and every configuration has these rules. */
  SmallWorlds ruled(UnaryOperator<PlacementConfig.Builder> more, String... of) {
    rules = more;
    datasets = of;
    return this;
  }

  /** The planner is told the datasets of chunks, so that new_share bounds them. */
  SmallWorlds shared() {
    isShared = true;
    return this;
  }

  World draw(Draws draws) {
    World world = new World();
    world.config = config(draws);
    int most = 1 + draws.nextInt(Math.max(1, levels));
    boolean counts = isCounted && draws.nextBoolean();
    for (int i = within(workers, draws); i > 0; i--) {
      world.workers.add(worker(world.workers.size(), most, counts, draws));
    }
    for (int i = within(chunks, draws); i > 0; i--) {
      addChunk(world, draws);
    }
    if (isSeen) {
      world.chunks.removeIf(piece -> piece.held.isEmpty());
    }
    if (!world.workers.isEmpty() && !world.chunks.isEmpty()) {
      addWishes(world, draws);
    }
    return world;
  }

  PlacementConfig config(Draws draws) {
    PlacementConfig.Builder config =
        PlacementConfig.builder().saturation(Math.max(1e-6, within(saturation, draws) / 100.0));
    if (isPlainZoned || levels > 0) {
      config.spread(draws.pick(Spread.ZONE, Spread.NONE));
    }
    if (isWeighted) {
      config.factorMode(draws.oneIn(4) ? FactorMode.SMOOTH : FactorMode.WHOLE);
    }
    if (isLimited) {
      config.maxPerDomain(limits(draws));
    }
    if (hasBudget) {
      config.budget(budget(draws));
    }
    return rules.apply(config).build();
  }

  private static int within(int[] bounds, Draws draws) {
    return draws.nextInt(bounds[0], bounds[1] + 1);
  }

  /** Draws how many replicas of a chunk one domain of each level may have. */
  static Map<Integer, Integer> limits(Draws draws) {
    Map<Integer, Integer> limits = new TreeMap<>();
    for (int level = 1; level <= 3; level++) {
      int most = draws.nextInt(5);
      if (most > 1) {
        limits.put(level, most - 1);
      }
    }
    return limits;
  }

  /** Draws one bound, or up to four. */
  static MovementBudget budget(Draws draws) {
    int only = draws.nextInt(8);
    long[] bounds = {draws.nextInt(60), draws.nextInt(9), draws.nextInt(30), draws.nextInt(20)};
    for (int i = 0; i < bounds.length; i++) {
      boolean isBound = only < bounds.length ? i == only : draws.nextBoolean();
      bounds[i] = isBound ? bounds[i] : Long.MAX_VALUE;
    }
    return new MovementBudget(bounds[0], bounds[1], bounds[2], bounds[3]);
  }

  /** Draws a path of as many levels as there are at most, or of fewer. */
  static String path(Draws draws, int levels) {
    StringBuilder path = new StringBuilder("a" + draws.nextInt(3));
    for (int more = draws.oneIn(4) ? draws.nextInt(levels) : levels - 1; more > 0; more--) {
      path.append("/b").append(draws.nextInt(2));
    }
    return path.toString();
  }

  Worker worker(int number, int most, boolean counts, Draws draws) {
    Worker worker = Fleets.worker(number, within(capacity, draws));
    if (levels > 0 && !draws.oneIn(8)) {
      worker = worker.withZone(path(draws, most));
    }
    if (isRestricted) {
      worker =
          worker
              .withVersion(new WorkerVersion(1 + draws.nextInt(2), 0, 0))
              .withLabels(draws.oneIn(4) ? Labels.of("ssd") : Labels.NONE);
    }
    if (counts && draws.nextBoolean()) {
      worker = worker.withMaxReplicas(1 + draws.nextInt(isPlainZoned && levels == 1 ? 8 : 3));
    }
    boolean leaves = number == 0 || (number == 1 && workers[1] > 2 && draws.nextBoolean());
    return switch (absence) {
      case NONE -> worker;
      case LEAVING -> leaves ? worker.withStatus(WorkerStatus.LEAVING) : worker;
      case ANY -> draws.oneIn(3) ? worker.withStatus(draws.pick(WorkerStatus.values())) : worker;
    };
  }

  long size(Draws draws) {
    return draws.nextInt(size[0], (size[1] > 20 && draws.nextBoolean() ? 9 : size[1]) + 1);
  }

  /** Draws all that a chunk asks for. */
  void describe(World.Piece piece, Draws draws) {
    piece.dataset = DatasetId.of(datasets.length == 1 ? datasets[0] : draws.pick(datasets));
    piece.isShared = isShared;
    piece.floor = within(floor, draws);
    if (isCapped) {
      piece.cap = draws.pick(WeightPolicy.UNCAPPED, WeightPolicy.AT_FLOOR, piece.floor + 1, 1);
    }
    if (isWeighted) {
      piece.weight = draws.pick(1, 4, 12);
      piece.recentlyLost = draws.oneIn(4) ? draws.nextInt(3) : 0;
    }
    piece.admitted = draws.nextInt(3);
    if (isRestricted) {
      piece.eligibility =
          draws.pick(Eligibility.ANY, Eligibility.ANY, Eligibility.ANY, SECOND, SECOND, SSD);
    }
    boolean isNew = holding == Holding.NOTHING || (!isSeen && draws.oneIn(3));
    piece.bits = isNew ? 0 : World.SEEN;
    if (!isNew && holding == Holding.LEFTOVERS) {
      piece.bits = draws.oneIn(5) ? ChunkBits.ESTABLISHED : World.SEEN;
      piece.bits |= draws.oneIn(10) ? draws.pick(ChunkBits.PINNED, ChunkBits.ENDING) : 0;
    }
  }

  private void addChunk(World world, Draws draws) {
    World.Piece piece = world.chunk(size(draws));
    describe(piece, draws);
    if (piece.bits == 0) {
      return;
    }
    for (int worker = 0; worker < world.workers.size(); worker++) {
      if (draws.oneIn(3) && (world.fits(piece, worker) || isBeyond(draws))) {
        piece.held.put(worker, holding == Holding.REPLICAS ? World.HELD : replica(draws));
      }
    }
    if (isHeldToFloor) {
      piece.floor = Math.max(1, piece.held.size());
    }
  }

  private boolean isBeyond(Draws draws) {
    return holding == Holding.LEFTOVERS && draws.oneIn(20);
  }

  /** Draws the bits of a replica in any state. */
  static int replica(Draws draws) {
    int state = draws.pick(0, 0, 0, ReplicaBits.SUPERSEDED, ReplicaBits.DRAINING);
    int readable = draws.nextBoolean() ? 0 : ReplicaBits.READABLE;
    if (draws.oneIn(15)) {
      return state | ReplicaBits.GIVEN_UP;
    }
    if (draws.oneIn(4)) {
      return state | readable;
    }
    boolean drains = state == ReplicaBits.DRAINING;
    return state | (drains ? ReplicaBits.POSSESSED | readable : World.HELD);
  }

  private void addWishes(World world, Draws draws) {
    for (int i = hasWishes ? draws.nextInt(5) : 0; i > 0; i--) {
      int[] pair = {draws.nextInt(world.chunks.size()), draws.nextInt(world.workers.size())};
      boolean isPin = draws.nextBoolean();
      world.pins.removeIf(it -> it[0] == pair[0] && it[1] == pair[1]);
      world.bans.removeIf(it -> it[0] == pair[0] && it[1] == pair[1]);
      (isPin ? world.pins : world.bans).add(pair);
    }
    if (hasWishes && draws.oneIn(4)) {
      world.avoided.add(draws.nextInt(world.workers.size()));
    }
    if (hasWishes && world.workers.size() > 1 && draws.oneIn(4)) {
      int to = draws.nextInt(1, world.workers.size());
      int chunk = draws.nextInt(world.chunks.size());
      world.intents.add(new int[] {chunk, draws.nextInt(to), to});
      world.chunks.get(chunk).bits |= ChunkBits.COOLING;
    }
    for (int chunk = 0; hasScores && chunk < world.chunks.size(); chunk++) {
      for (int worker : world.chunks.get(chunk).held.keySet()) {
        if (!draws.oneIn(3)) {
          world.scores.add(new int[] {chunk, worker, draws.nextInt(5) * 250_000});
        }
      }
    }
    world.frozen = hasWishes && draws.oneIn(12);
    if (hasSwaps) {
      addSides(world, draws);
    }
  }

  /** Adds the new sides of pending swaps: each of chunks with one floor. */
  void addSides(World world, Draws draws) {
    for (int i = draws.nextInt(3); i > 0; i--) {
      List<Integer> side = new ArrayList<>();
      int same = within(floor, draws);
      for (int count = draws.nextInt(1, 4); count > 0; count--) {
        side.add(world.chunks.size());
        world.chunk(size(draws)).floor = same;
      }
      world.sides.add(side);
    }
  }
}
