package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Replicas that should leave their worker and cannot: which, why, and none that could. */
class StuckTest {
  private static final Eligibility SECOND =
      new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);

  private static World world(long... capacities) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(0.01).build();
    for (int i = 0; i < capacities.length; i++) {
      world.workers.add(Fleets.worker(i, capacities[i]));
    }
    return world;
  }

  private static World.Piece hold(World world, long size, int... holders) {
    World.Piece piece = world.chunk(size);
    piece.bits = World.SEEN;
    piece.floor = Math.max(1, holders.length);
    for (int holder : holders) {
      piece.held.put(holder, World.HELD);
    }
    return piece;
  }

  private static void leave(World world, int worker) {
    world.workers.set(worker, world.workers.get(worker).withStatus(WorkerStatus.LEAVING));
  }

  @Test
  void stuck_ofTwoLeavingWorkersThatNobodyCanTakeOver_isNotSilence() {
    World world = world(100, 100, 100);
    hold(world, 60, 0);
    hold(world, 60, 1);
    hold(world, 90, 2);
    leave(world, 0);
    leave(world, 1);
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck())
        .containsExactly(
            new Stuck(0, 0, Stuck.Hindrance.NO_ROOM, 1, 10),
            new Stuck(1, 1, Stuck.Hindrance.NO_ROOM, 1, 10));
    assertThat(plan.isFeasible()).isFalse();
  }

  @Test
  void stuck_whereEveryOtherWorkerHoldsItAlready_isTooFewWorkers() {
    World world = world(100, 100);
    hold(world, 10, 0, 1);
    leave(world, 0);
    assertThat(world.plan().stuck())
        .containsExactly(new Stuck(0, 0, Stuck.Hindrance.TOO_FEW_WORKERS, 0, 0));
  }

  @Test
  void stuck_ofAPinnedReplicaOnALeavingWorker_isPinned() {
    World world = world(100, 100);
    hold(world, 10, 0);
    world.pins.add(new int[] {0, 0});
    leave(world, 0);
    assertThat(world.plan().stuck())
        .containsExactly(new Stuck(0, 0, Stuck.Hindrance.PINNED, 1, 100));
  }

  @Test
  void stuck_inAFrozenFleet_isFrozenWhateverElseHolds() {
    World world = world(100, 100);
    hold(world, 10, 0);
    world.pins.add(new int[] {0, 0});
    hold(world, 20, 0);
    leave(world, 0);
    world.frozen = true;
    assertThat(world.plan().stuck())
        .containsExactly(
            new Stuck(0, 0, Stuck.Hindrance.FROZEN, 1, 100),
            new Stuck(1, 0, Stuck.Hindrance.FROZEN, 1, 100));
  }

  @Test
  void stuck_ofAWorkerThatMayNoLongerHoldIt_isReported() {
    World world = world(100, 100, 15);
    hold(world, 20, 0).eligibility = SECOND;
    world.workers.set(2, world.workers.get(2).withVersion(new WorkerVersion(2, 0, 0)));
    assertThat(world.plan().stuck())
        .containsExactly(new Stuck(0, 0, Stuck.Hindrance.NO_ROOM, 1, 15));
  }

  @Test
  void stuck_ofAWorkerOverItsCapacity_isAsFewAsBringItWithin() {
    World world = world(25, 10);
    hold(world, 5, 0);
    hold(world, 20, 0);
    hold(world, 10, 0);
    hold(world, 9, 1);
    assertThat(world.plan().stuck())
        .containsExactly(new Stuck(2, 0, Stuck.Hindrance.NO_ROOM, 1, 1));
  }

  @Test
  void stuck_ofMarkedSupersededAndDrainingReplicas_isNothing() {
    World world = world(100, 5);
    hold(world, 10, 0).bits |= ChunkBits.PINNED;
    World.Piece waits = hold(world, 5, 1);
    waits.held.put(0, ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED);
    hold(world, 0, 1).held.put(0, ReplicaBits.DRAINING | ReplicaBits.POSSESSED);
    leave(world, 0);
    assertThat(world.plan().stuck()).isEmpty();
  }

  @Test
  void stuck_whileABudgetHoldsItBack_isNothing() {
    World world = world(100, 100);
    hold(world, 10, 0);
    leave(world, 0);
    world.config = world.config.toBuilder().budget(MovementBudget.ofBytes(0)).build();
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.budgetLeftOverBytes()).isEqualTo(10);
  }

  @Test
  void stuck_whileWhatDrainsMakesRoom_isNothing() {
    World world = world(100, 30, 30);
    hold(world, 30, 0);
    World.Piece goes = hold(world, 20, 1);
    goes.held.put(2, ReplicaBits.DRAINING | ReplicaBits.POSSESSED | ReplicaBits.READABLE);
    leave(world, 0);
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck()).isEmpty();
    world.complete(plan);
    assertThat(world.plan().wantedWorkers(0)).containsExactly(2);
  }

  /** Only by moving another replica out of the way is there room: relocation, like for a floor. */
  @Test
  void leave_thatNeedsAnotherReplicaToMove_movesThatOneFirst() {
    World world = world(100, 10, 10);
    world.workers.set(1, world.workers.get(1).withVersion(new WorkerVersion(2, 0, 0)));
    hold(world, 10, 0).eligibility = SECOND;
    world.workers.set(0, world.workers.get(0).withVersion(new WorkerVersion(2, 0, 0)));
    hold(world, 10, 1);
    leave(world, 0);
    PlacementPlan first = world.plan();
    assertThat(first.stuck()).isEmpty();
    assertThat(first.wantedWorkers(1)).containsExactly(2);
    assertThat(first.cause(0)).isEqualTo(Cause.RELOCATE);
    world.complete(first);
    assertThat(world.plan().wantedWorkers(0)).containsExactly(1);
  }

  @Test
  void leave_thatNeedsAnotherReplicaToMove_waitsForTheBudget() {
    World world = world(100, 10, 10);
    world.workers.set(0, world.workers.get(0).withVersion(new WorkerVersion(2, 0, 0)));
    world.workers.set(1, world.workers.get(1).withVersion(new WorkerVersion(2, 0, 0)));
    hold(world, 10, 0).eligibility = SECOND;
    hold(world, 10, 1);
    leave(world, 0);
    world.config = world.config.toBuilder().budget(MovementBudget.ofBytes(0)).build();
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck()).isEmpty();
  }

  /** What is on its way out on another worker is wanted again: nothing has to be copied. */
  @Test
  void leave_ofAReplicaWhoseChunkStillLiesElsewhere_wantsThatOneAgain() {
    World world = world(100, 10);
    hold(world, 10, 0).held.put(1, ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED);
    leave(world, 0);
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    assertThat(plan.figures().bytesAdded()).isZero();
  }

  /** Equal sizes, some workers leaving, hardly any room; some chunks are bound to new versions. */
  private static World crowded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int workers = random.nextInt(2, 6);
    World world = world(random.longs(workers, 1, 5).toArray());
    for (int worker = 0; worker < workers; worker++) {
      int version = random.nextInt(1, 3);
      world.workers.set(
          worker, world.workers.get(worker).withVersion(new WorkerVersion(version, 0, 0)));
    }
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      World.Piece piece = world.chunk(1);
      piece.bits = World.SEEN;
      piece.eligibility = random.nextInt(3) == 0 ? SECOND : Eligibility.ANY;
      for (int worker = 0; worker < workers; worker++) {
        boolean room = world.footprint(worker) < world.workers.get(worker).capacityBytes();
        boolean eligible = piece.eligibility.admits(world.workers.get(worker));
        if (room && eligible && random.nextInt(3) == 0) {
          piece.held.put(worker, World.HELD);
        }
      }
      piece.floor = Math.max(1, piece.held.size());
    }
    world.chunks.removeIf(piece -> piece.held.isEmpty());
    leave(world, 0);
    if (workers > 2 && random.nextBoolean()) {
      leave(world, 1);
    }
    return world;
  }

  @Property(seed = "1", tries = 2000, shrinking = ShrinkingMode.OFF)
  void stuck_ofEqualSizes_isStuckInExhaustiveSearchToo(@ForAll long seed) {
    assertStuckIsStuck(crowded(seed));
  }

  /** The same world, with room in replicas instead of bytes. */
  private static World limited(long seed) {
    World world = crowded(seed);
    world.workers.replaceAll(worker ->
        worker
            .withMaxReplicas((int) worker.capacityBytes())
            .withCapacityBytes(worker.capacityBytes() + Math.floorMod(seed, 100)));
    return world;
  }

  @Property(seed = "1", tries = 2000, shrinking = ShrinkingMode.OFF)
  void stuck_forWantOfReplicas_isStuckInExhaustiveSearchToo(@ForAll long seed) {
    assertStuckIsStuck(limited(seed));
  }

  /** Room in bytes or in replicas: where sizes are alike it is one and the same. */
  @Property(seed = "1", tries = 1000, shrinking = ShrinkingMode.OFF)
  void limits_whereSizesAreAlike_areCapacities(@ForAll long seed) {
    World bytes = crowded(seed);
    World copies = limited(seed);
    copies.workers.replaceAll(worker -> worker.withCapacityBytes(worker.maxReplicas()));
    assertThat(copies.plan().planHash()).isEqualTo(bytes.plan().planHash());
  }

  @Test
  void stuck_ofAWorkerOverItsLimit_isAsFewAsBringItWithin_canonically() {
    World world = world(100, 100);
    hold(world, 5, 0);
    hold(world, 0, 0);
    hold(world, 20, 0);
    hold(world, 9, 1);
    world.workers.replaceAll(worker -> worker.withMaxReplicas(1));
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck())
        .containsExactly(
            new Stuck(0, 0, Stuck.Hindrance.NO_ROOM, 1, 0),
            new Stuck(1, 0, Stuck.Hindrance.NO_ROOM, 1, 0));
  }

  @Test
  void worker_overItsLimit_givesAsManyAsAreTooMany() {
    World world = world(100, 100);
    for (int i = 0; i < 5; i++) {
      hold(world, 10, 0);
    }
    world.workers.set(0, world.workers.get(0).withMaxReplicas(3));
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.actionCount()).isEqualTo(4);
    world.complete(plan);
    assertThat(world.plan().actionCount()).isZero();
  }

  private static void assertStuckIsStuck(World world) {
    for (int step = 0; step < 8; step++) {
      PlacementPlan plan = world.plan();
      assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
      for (Stuck each : plan.stuck()) {
        assertThat(plan.wants(each.chunk(), each.worker())).isTrue();
        assertThat(ExactLeave.isPossible(world, plan, each))
            .as("%s could leave in step %d", each, step)
            .isFalse();
      }
      world.complete(plan);
    }
  }

  @Property(seed = "1", tries = 2000, shrinking = ShrinkingMode.OFF)
  void leave_withoutStuckReplicas_endsEmpty(@ForAll long seed) {
    World world = crowded(seed);
    PlacementPlan plan = world.plan();
    int steps = 0;
    while (plan.actionCount() > 0) {
      assertThat(steps++).as("steps").isLessThan(20);
      world.complete(plan);
      plan = world.plan();
    }
    for (int worker = 0; worker < world.workers.size(); worker++) {
      boolean leaves = world.workers.get(worker).status() == WorkerStatus.LEAVING;
      boolean stuck = false;
      for (Stuck each : plan.stuck()) {
        stuck |= each.worker() == worker;
      }
      assertThat(leaves && !stuck && world.footprint(worker) > 0).isFalse();
    }
  }

  /** With free room and a budget of so many equal replicas, it takes just the steps of that. */
  @Property(seed = "1", tries = 100, shrinking = ShrinkingMode.OFF)
  void leave_underABudget_takesAsManyStepsAsThatNeeds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = world(1000, 1000, 1000);
    int chunks = random.nextInt(1, 30);
    for (int i = 0; i < chunks; i++) {
      hold(world, 10, 0);
    }
    leave(world, 0);
    int each = random.nextInt(1, 8);
    world.config = world.config.toBuilder().budget(MovementBudget.ofBytes(10L * each)).build();
    int steps = 0;
    for (; world.footprint(0) > 0; steps++) {
      PlacementPlan plan = world.plan();
      assertThat(plan.stuck()).isEmpty();
      world.complete(plan);
    }
    assertThat(steps).isEqualTo((chunks + each - 1) / each);
  }

  @Property(seed = "1", tries = 600, shrinking = ShrinkingMode.OFF)
  void stuck_ofAnyWorld_neitherFitsNowNorOnceDrainsAreOver(@ForAll long seed) {
    World world = Fleets.any(seed);
    PlacementPlan plan = world.plan();
    List<Stuck> stuck = plan.stuck();
    for (Stuck each : stuck) {
      assertThat(plan.wants(each.chunk(), each.worker())).isTrue();
      assertThat(world.chunks.get(each.chunk()).bits & ChunkBits.PINNED).isZero();
      boolean shortOrLeftOut = !plan.shortfalls().isEmpty() || !plan.deferrals().isEmpty();
      if (each.reason() == Stuck.Hindrance.NO_ROOM && !shortOrLeftOut) {
        assertThat(each.mostRoomBytes()).isLessThan(world.chunks.get(each.chunk()).size);
      }
      if (each.reason() == Stuck.Hindrance.TOO_FEW_WORKERS) {
        assertThat(each.eligibleWorkers()).isZero();
        assertThat(each.mostRoomBytes()).isZero();
      }
    }
  }

  /** The explanations of a chunk and of a worker name what is stuck, and why. */
  @Test
  void explanation_ofAStuckReplica_saysSo() {
    World world = world(100, 10);
    hold(world, 60, 0);
    leave(world, 0);
    PlacementPlan plan = world.plan();
    assertThat(plan.explain(0, at -> "d/c").text())
        .contains("on w0000: stuck", "no_room", "the most room on one is 10 bytes");
    assertThat(plan.explainWorker(0).text())
        .contains("stuck: 1 replica, 60 bytes, should leave", "no_room");
  }
}
