package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.Promises.Planner;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The planner keeps each promise on fleets drawn at random, and a broken one is caught. */
class PlacementPromisesTest {
  private static final Planner OURS = World::plan;
  private static final Planner STATELESS = world -> StatelessPlanner.create().plan(world.input());
  private static final int SEEDS = 200;

  private static void assertKept(Optional<String> broken) {
    assertThat(broken).isEmpty();
  }

  /** Some of many worlds must show that the planner is broken. */
  private static void assertCaught(
      Planner broken, BiFunction<Long, Planner, Optional<String>> promise) {
    boolean caught = false;
    for (long seed = 0; seed < SEEDS && !caught; seed++) {
      caught = promise.apply(seed, broken).isPresent();
    }
    assertThat(caught).as("a broken planner is caught in one of %d worlds", SEEDS).isTrue();
  }

  private static Optional<String> determinism(long seed, Planner planner) {
    return Promises.isDeterministic(Fleets.any(seed), seed, planner);
  }

  @Property(seed = "1", tries = 250, shrinking = ShrinkingMode.OFF)
  void plan_ofAnInputInAnyOrderWithAnyThreads_isEqual(@ForAll long seed) {
    assertKept(determinism(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatDependsOnThreads_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          double saturation = world.config.threads() == 2 ? 0.3 : 0.9;
          other.config = world.config.toBuilder().saturation(saturation).build();
          return other.plan();
        },
        PlacementPromisesTest::determinism);
  }

  private static Optional<String> rest(long seed, Planner planner) {
    return Promises.comesToRest(Fleets.any(seed), planner);
  }

  @Test
  void check_ofAPlannerThatNeverRests_fails() {
    int[] turn = {0};
    assertCaught(
        world -> {
          World other = world.copy();
          double saturation = turn[0]++ % 2 == 0 ? 0.3 : 0.9;
          other.config = world.config.toBuilder().saturation(saturation).build();
          other.previous.clear();
          return other.plan();
        },
        PlacementPromisesTest::rest);
  }

  /** Chunks of one size at their floor, at rest, room for more. */
  private static World quiet(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = Fleets.uniform(random.nextInt(3, 12), random.nextInt(10, 60), 2, 60);
    world.config = world.config.toBuilder().saturation(0.3).build();
    assertKept(Promises.comesToRest(world, OURS));
    return world;
  }

  private static Optional<String> newChunk(long seed, Planner planner) {
    return Promises.newChunkMovesNothingElse(quiet(seed), planner);
  }

  @Property(seed = "1", tries = 150, shrinking = ShrinkingMode.OFF)
  void chunk_addedElsewhere_movesNothing(@ForAll long seed) {
    assertKept(newChunk(seed, OURS));
  }

  @Test
  void check_ofAPlannerWithoutMemory_fails() {
    assertCaught(STATELESS, PlacementPromisesTest::newChunk);
  }

  private static Optional<String> suspicion(long seed, Planner planner) {
    SplittableRandom random = new SplittableRandom(seed);
    int workers = random.nextInt(4, 15);
    World world = Fleets.uniform(workers, random.nextInt(10, 40), 1 + random.nextInt(2), 30);
    assertKept(Promises.comesToRest(world, OURS));
    return Promises.suspicionMovesNothing(world, random.nextInt(workers), planner);
  }

  @Property(seed = "1", tries = 150, shrinking = ShrinkingMode.OFF)
  void worker_suspectForAWhile_movesNothing(@ForAll long seed) {
    assertKept(suspicion(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatGivesASuspectWorkerUp_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          other.workers.replaceAll(worker ->
              worker.status() == WorkerStatus.SUSPECT
                  ? worker.withStatus(WorkerStatus.LEAVING)
                  : worker);
          return other.plan();
        },
        PlacementPromisesTest::suspicion);
  }

  private static Optional<String> label(long seed, Planner planner) {
    World world = Fleets.any(seed);
    assertKept(Promises.comesToRest(world, OURS));
    return world.workers.isEmpty()
        ? Optional.empty()
        : Promises.labelMovesNothing(world, 0, planner);
  }

  @Property(seed = "1", tries = 300, shrinking = ShrinkingMode.OFF)
  void label_thatNoChunkAsksFor_movesNothing(@ForAll long seed) {
    assertKept(label(seed, OURS));
  }

  /**
   * A world of mixed sizes in which what was shed for a deferred chunk was grown again for ever.
   */
  @Test
  void label_whereTheFleetOnceNeverRested_movesNothing() {
    assertKept(label(7210492074295723721L, OURS));
  }

  @Test
  void check_ofAPlannerThatShunsWhatItDoesNotKnow_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          other.workers.replaceAll(worker ->
              worker.labels().sorted().contains("odd")
                  ? worker.withStatus(WorkerStatus.LEAVING)
                  : worker);
          return other.plan();
        },
        PlacementPromisesTest::label);
  }

  private static Optional<String> flap(long seed, Planner planner) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = Fleets.uniform(random.nextInt(5, 21), 30, 1, 20);
    assertKept(Promises.comesToRest(world, OURS));
    return Promises.flapMovesNothing(world, random.nextInt(world.workers.size()), planner);
  }

  @Property(seed = "1", tries = 100, shrinking = ShrinkingMode.OFF)
  void worker_thatFlapsWithinTheGrace_movesNothing(@ForAll long seed) {
    assertKept(flap(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatKnowsNoGrace_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          other.chunks.forEach(piece -> piece.recentlyLost = 0);
          return other.plan();
        },
        PlacementPromisesTest::flap);
  }

  /** Few chunks of mixed sizes on few workers, some of them held already. */
  private static Optional<String> incremental(long seed, Planner planner) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    world.config = PlacementConfig.builder().saturation(1).build();
    int workers = random.nextInt(2, 6);
    int largest = random.nextInt(2, 7);
    for (int i = 0; i < workers; i++) {
      world.workers.add(Fleets.worker(i, random.nextInt(largest, 4 * largest)));
    }
    for (int i = random.nextInt(2, 9); i > 0; i--) {
      World.Piece piece = world.chunk(random.nextInt(1, largest + 1));
      piece.floor = random.nextInt(1, 3);
      piece.bits = random.nextBoolean() ? World.SEEN : 0;
      for (int worker = 0; piece.bits != 0 && worker < workers; worker++) {
        boolean room =
            world.footprint(worker) + piece.size <= world.workers.get(worker).capacityBytes();
        if (room && random.nextBoolean()) {
          piece.held.put(worker, World.HELD);
        }
      }
    }
    return Promises.isNeverWeakerThanFromScratch(world, largest, planner);
  }

  @Property(seed = "1", tries = 1000, shrinking = ShrinkingMode.OFF)
  void deferral_ofMixedSizesWhateverIsHeld_doesNotHappenWhereAnExactPackingHasASlotOfSlack(
      @ForAll long seed) {
    assertKept(incremental(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatCannotPack_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          other.workers.replaceAll(worker -> worker.withCapacityBytes(worker.capacityBytes() / 3));
          return other.plan();
        },
        PlacementPromisesTest::incremental);
  }

  /** New chunks of one size, more than fit: of one replica and bound, or of more and free. */
  private static World crowded(SplittableRandom random) {
    World world = new World();
    boolean bound = random.nextBoolean();
    int floor = bound ? 1 : random.nextInt(1, 4);
    world.config = PlacementConfig.builder().saturation(1).build();
    world.floor = floor;
    int workers = random.nextInt(1, 8);
    for (int i = 0; i < workers; i++) {
      world.workers.add(
          Fleets.worker(i, random.nextInt(0, 60))
              .withVersion(new WorkerVersion(1 + random.nextInt(3), 0, 0)));
    }
    int chunks = random.nextInt(1, 30);
    for (int i = 0; i < chunks; i++) {
      World.Piece piece = world.chunk(10);
      piece.admitted = random.nextInt(4);
      if (bound) {
        WorkerVersion least = new WorkerVersion(1 + random.nextInt(3), 0, 0);
        piece.eligibility = new Eligibility(least, Labels.NONE);
      }
    }
    return world;
  }

  private static Optional<String> relief(long seed, Planner planner) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = crowded(random);
    int worker = random.nextInt(world.workers.size());
    return Promises.reliefIsMonotone(world, worker, random.nextInt(1, 40), planner);
  }

  @Property(seed = "1", tries = 600, shrinking = ShrinkingMode.OFF)
  void capacity_thatGrows_neverLeavesMoreOut(@ForAll long seed) {
    assertKept(relief(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatUsesLessOfMore_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          other.workers.replaceAll(
              worker -> worker.capacityBytes() > 30 ? worker.withCapacityBytes(5) : worker);
          return other.plan();
        },
        PlacementPromisesTest::relief);
  }

  /** New chunks of mixed sizes up to 60 bytes that just fit with a slot of 60 to spare. */
  private static Optional<String> packed(long seed, Planner planner) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    int floor = random.nextInt(1, 4);
    world.config = PlacementConfig.builder().saturation(1).build();
    world.floor = floor;
    int workers = random.nextInt(5, 60);
    for (int i = 0; i < workers; i++) {
      world.workers.add(Fleets.worker(i, (long) random.nextInt(300, 900) << random.nextInt(3)));
    }
    while (Packing.fitsWithSlack(world, 60)) {
      world.chunk(random.nextInt(1, 61));
    }
    world.chunks.remove(world.chunks.size() - 1);
    return Promises.leavesOutNothingThatFits(world, 60, planner);
  }

  @Property(seed = "1", tries = 12, shrinking = ShrinkingMode.OFF)
  void deferral_onAnyFleet_doesNotHappenWhereAPackingHasASlotOfSlack(@ForAll long seed) {
    assertKept(packed(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatWastesRoom_fails() {
    Planner wasteful =
        world -> {
          World other = world.copy();
          other.workers.replaceAll(
              worker -> worker.withCapacityBytes(worker.capacityBytes() * 4 / 5));
          return other.plan();
        };
    assertThat(packed(1, wasteful)).isPresent();
  }

  private static long bound(SplittableRandom random, int below) {
    int drawn = random.nextInt(below);
    return random.nextBoolean() ? drawn : Long.MAX_VALUE;
  }

  private static Optional<String> budget(long seed, Planner planner) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = Fleets.any(random.nextLong());
    MovementBudget budget =
        new MovementBudget(
            bound(random, 200), bound(random, 9), bound(random, 90), bound(random, 40));
    world.config = world.config.toBuilder().budget(budget).build();
    return Promises.keepsTheBudget(world, planner);
  }

  @Property(seed = "1", tries = 500, shrinking = ShrinkingMode.OFF)
  void budget_ofEveryKind_isNeverExceeded(@ForAll long seed) {
    assertKept(budget(seed, OURS));
  }

  /** Worlds in which what a plan added went elsewhere, past what a worker may be sent. */
  @ParameterizedTest
  @ValueSource(longs = {7771344421420496964L, -4346509477121665033L})
  void budget_whereItWasOnceExceeded_isKept(long seed) {
    assertKept(budget(seed, OURS));
  }

  @Test
  void check_ofAPlannerThatKnowsNoBudget_fails() {
    assertCaught(
        world -> {
          World other = world.copy();
          MovementBudget known = world.config.budget();
          MovementBudget loose =
              new MovementBudget(
                  known.bytes(), known.replicas(), known.workerInBytes(), Long.MAX_VALUE);
          other.config = world.config.toBuilder().budget(loose).build();
          return other.plan();
        },
        PlacementPromisesTest::budget);
    assertCaught(
        world -> {
          World other = world.copy();
          other.config = world.config.toBuilder().budget(MovementBudget.UNLIMITED).build();
          return other.plan();
        },
        PlacementPromisesTest::budget);
  }
}
