package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.Reason;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Replicas that should leave their worker and cannot: which, why, and none that could. */
class StuckTest {
  private static final Eligibility SECOND = SmallWorlds.SECOND;
  private static final int STEPS = 8;

  /** Chunks of one size whose floors are what they have, when workers leave. */
  private static final SmallWorlds EQUAL =
      new SmallWorlds()
          .workers(2, 5)
          .capacity(1, 5)
          .chunks(1, 8)
          .restricted()
          .heldToTheFloor()
          .leaving();

  private static World world(long... capacities) {
    World world = World.of(capacities);
    world.configure(config -> config.saturation(0.01));
    return world;
  }

  /** Returns a chunk whose floor is what it has. */
  private static World.Piece hold(World world, long size, int... holders) {
    World.Piece piece = world.hold(size, holders);
    piece.floor = Math.max(1, holders.length);
    return piece;
  }

  @Test
  void stuck_ofAWorkerThatMayNoLongerHoldIt_isReported() {
    World world = world(100, 100, 15);
    hold(world, 20, 0).eligibility = SECOND;
    world.alter(2, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    assertThat(world.plan().stuck()).containsExactly(new Stuck(0, 0, Reason.NO_ROOM, 1, 15));
  }

  @Test
  void stuck_ofAWorkerOverItsCapacity_isAsFewAsBringItWithin() {
    World world = world(25, 10);
    hold(world, 5, 0);
    hold(world, 20, 0);
    hold(world, 10, 0);
    hold(world, 9, 1);
    assertThat(world.plan().stuck()).containsExactly(new Stuck(2, 0, Reason.NO_ROOM, 1, 1));
  }

  @Test
  void stuck_ofMarkedSupersededAndDrainingReplicas_isNothing() {
    World world = world(100, 5);
    hold(world, 10, 0).bits |= ChunkBits.PINNED;
    World.Piece waits = hold(world, 5, 1);
    waits.held.put(0, ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED);
    hold(world, 0, 1).held.put(0, ReplicaBits.DRAINING | ReplicaBits.POSSESSED);
    world.leave(0);
    assertThat(world.plan().stuck()).isEmpty();
  }

  @Test
  void stuck_whileWhatDrainsMakesRoom_isNothing() {
    World world = world(100, 30, 30);
    hold(world, 30, 0);
    World.Piece goes = hold(world, 20, 1);
    goes.held.put(2, ReplicaBits.DRAINING | ReplicaBits.POSSESSED | ReplicaBits.READABLE);
    world.leave(0);
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
    world.alter(1, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    hold(world, 10, 0).eligibility = SECOND;
    world.alter(0, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    hold(world, 10, 1);
    world.leave(0);
    PlacementPlan first = world.plan();
    assertThat(first.stuck()).isEmpty();
    assertThat(first.wantedWorkers(1)).containsExactly(2);
    assertThat(first.cause(0)).isEqualTo(Cause.RELOCATE);
    world.complete(first);
    assertThat(world.plan().wantedWorkers(0)).containsExactly(1);
  }

  @Test
  void leave_ofAReplicaWhoseChunkStillLiesElsewhere_wantsThatOneAgain() {
    World world = world(100, 10);
    hold(world, 10, 0).held.put(1, ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED);
    world.leave(0);
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    assertThat(plan.figures().bytesAdded()).isZero();
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
            new Stuck(0, 0, Reason.NO_ROOM, 1, 0), new Stuck(1, 0, Reason.NO_ROOM, 1, 0));
  }

  @Test
  void worker_overItsLimit_givesAsManyAsAreTooMany() {
    World world = world(100, 100);
    for (int i = 0; i < 5; i++) {
      hold(world, 10, 0);
    }
    world.alter(0, it -> it.withMaxReplicas(3));
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.actionCount()).isEqualTo(4);
    world.complete(plan);
    assertThat(world.plan().actionCount()).isZero();
  }

  /** Asserts that a stuck replica cannot leave, however the others are arranged and give way. */
  private static void assertStuckIsStuck(World world) {
    for (int step = 0; step < STEPS; step++) {
      PlacementPlan plan = world.plan();
      for (Stuck each : plan.stuck()) {
        boolean isOfRoom = each.reason() != Reason.FROZEN && each.reason() != Reason.PIN;
        assertThat(isOfRoom && couldLeave(world, plan, each))
            .as("%s could leave in step %d", each, step)
            .isFalse();
      }
      world.complete(plan);
    }
  }

  /** Each chunk keeps its floor, or what it has of it, and the replica that leaves goes too. */
  private static boolean couldLeave(World world, PlacementPlan plan, Stuck leaver) {
    Packing packing = new Packing(world);
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      Set<Integer> stays = new TreeSet<>();
      for (int worker : world.wanted(plan, chunk)) {
        boolean isLeaver = chunk == leaver.chunk() && worker == leaver.worker();
        boolean isHome = world.takes(chunk, worker);
        boolean isPlaced = isLeaver || (isHome && !world.isPinned(chunk, worker));
        if (!isPlaced) {
          stays.add(worker);
        }
        // Until it is elsewhere the leaver takes up the room that it has.
        if (!isPlaced || !isHome) {
          packing.occupy(worker, world.chunks.get(chunk).size);
        }
      }
      int wanted = Math.min(plan.wantedCount(chunk), world.chunks.get(chunk).floor);
      int at = chunk;
      packing.place(
          chunk,
          Math.max(0, wanted - stays.size()),
          stays,
          worker -> world.takes(at, worker),
          worker -> 0);
    }
    return packing.exists();
  }

  @Property(seed = "1")
  void stuck_ofEqualSizes_isStuckInExhaustiveSearchToo(@ForAll Draws draws) {
    assertStuckIsStuck(EQUAL.draw(draws));
  }

  /** Pins, bans, counts, zones and bonus replicas change nothing about that. */
  @Property(seed = "1")
  void stuck_besidePinsCountsZonesAndBonus_isStuckInExhaustiveSearchToo(@ForAll Draws draws) {
    SmallWorlds worlds =
        new SmallWorlds().workers(2, 5).capacity(1, 5).chunks(1, 7).saturation(1, 100);
    worlds.restricted().seen().capped().counted().zones(3).wishes().leaving();
    assertStuckIsStuck(worlds.draw(draws));
  }

  /**
   * The replica that a preemption spares may move in the next plan: what waits for that is not
   * stuck.
   */
  @Test
  void leave_throughTheWorkerOfAReplicaThatAPreemptionSpares_isNotStuck() {
    assertStuckIsStuck(WorldText.named("stuck beside a preemption"));
  }

  /** Room in bytes or in replicas: where sizes are alike it is one and the same. */
  @Property(seed = "1")
  void limits_whereSizesAreAlike_areCapacities(@ForAll Draws draws) {
    World bytes = EQUAL.draw(draws);
    World copies = bytes.copy();
    copies.workers.replaceAll(worker -> worker.withMaxReplicas((int) worker.capacityBytes()));
    assertThat(copies.plan().decisionHash()).isEqualTo(bytes.plan().decisionHash());
    copies.workers.replaceAll(
        worker -> worker.withCapacityBytes(worker.capacityBytes() + draws.nextInt(100)));
    assertStuckIsStuck(copies);
  }

  @Property(seed = "1")
  void reason_ofEachThatIsStuck_isTheFirstThatHolds(@ForAll Draws draws) {
    SmallWorlds worlds = SmallWorlds.tiny().heldToTheFloor().leaving().wishes().counted();
    World world = worlds.zones(3).limited().saturation(1, 1).draw(draws);
    for (int step = 0; step < STEPS; step++) {
      PlacementPlan plan = world.plan();
      for (Stuck each : plan.stuck()) {
        assertThat(each.reason())
            .as("%s in step %d", each, step)
            .isEqualTo(reason(world, plan, each));
      }
      world.complete(plan);
    }
  }

  /** The first of the reasons that holds, by who may take it alone; room is not looked at. */
  private static Reason reason(World world, PlacementPlan plan, Stuck stuck) {
    if (world.frozen) {
      return Reason.FROZEN;
    }
    if (world.isPinned(stuck.chunk(), stuck.worker())) {
      return Reason.PIN;
    }
    Set<Integer> wanted = world.wanted(plan, stuck.chunk());
    Set<Integer> takers = new TreeSet<>();
    for (int worker = 0; worker < world.workers.size(); worker++) {
      boolean has =
          world.chunks.get(stuck.chunk()).held.containsKey(worker) || wanted.contains(worker);
      if (!has && world.takes(stuck.chunk(), worker)) {
        takers.add(worker);
      }
    }
    if (takers.isEmpty()) {
      return Reason.TOO_FEW_WORKERS;
    }
    wanted.remove(stuck.worker());
    boolean isOpen =
        takers.stream()
            .anyMatch(taker -> {
              Set<Integer> with = new TreeSet<>(wanted);
              with.add(taker);
              return world.isAllowed(taker, with);
            });
    return isOpen ? Reason.NO_ROOM : Reason.DOMAIN_LIMIT;
  }

  /** With free room and a budget of so many equal replicas, it takes just the steps of that. */
  @Property(seed = "1")
  void leave_underABudget_takesAsManyStepsAsThatNeeds(@ForAll Draws draws) {
    World world = world(1000, 1000, 1000);
    int chunks = draws.nextInt(1, 30);
    for (int i = 0; i < chunks; i++) {
      hold(world, 10, 0);
    }
    world.leave(0);
    int each = draws.nextInt(1, 8);
    world.configure(config -> config.budget(MovementBudget.ofBytes(10L * each)));
    int steps = 0;
    for (; world.footprint(0) > 0; steps++) {
      PlacementPlan plan = world.plan();
      assertThat(plan.stuck()).isEmpty();
      world.complete(plan);
    }
    assertThat(steps).isEqualTo((chunks + each - 1) / each);
  }

  @Test
  void leave_whoseRoomABonusReplicaHas_getsIt() {
    World world = World.of(100, 25, 100);
    world.hold(20, 0).eligibility = SECOND;
    world.hold(10, 1, 2).weight = 9;
    world.alter(0, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    world.alter(1, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    world.leave(0);
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.wantedWorkers(1)).containsExactly(2);
    world.complete(plan);
    plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    assertThat(plan.wantedWorkers(1)).containsExactly(2);
    world.complete(plan);
    assertThat(world.plan().actionCount()).isZero();
  }

  /** Growth comes after what has to leave: it takes no room that this needs. */
  @Test
  void leave_whoseRoomGrowthCouldTake_comesFirst() {
    World world = World.of(100, 30, 20);
    world.hold(20, 0);
    world.hold(15, 2).weight = 9;
    world.leave(0);
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    assertThat(plan.wantedWorkers(1)).containsExactly(2);
  }

  /** A bonus replica that nobody takes is given up: its worker leaves. */
  @Test
  void leave_ofABonusReplicaForWhichThereIsNoRoom_givesItUp() {
    World world = World.of(100, 20, 5);
    world.hold(20, 0, 1);
    world.leave(0);
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    world.complete(plan);
    assertThat(world.plan().actionCount()).isZero();
  }

  @Test
  void leave_forWhichABonusReplicaWouldGiveWay_waitsForTheBudget() {
    World world = World.of(100, 20, 24);
    world.hold(15, 0);
    world.hold(10, 1, 2).weight = 9;
    world.leave(0);
    world.configure(config -> config.budget(MovementBudget.ofBytes(0)));
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck()).isEmpty();
  }

  /** The explanations of a chunk and of a worker name what is stuck, and why. */
  @Test
  void explanation_ofAStuckReplica_saysSo() {
    World world = world(100, 10);
    hold(world, 60, 0);
    world.leave(0);
    PlacementPlan plan = world.plan();
    assertThat(plan.explain(0, at -> "d/c").text())
        .contains("on w0000: stuck", "no_room", "the most room on one is 10 B");
    assertThat(plan.explainWorker(0).text())
        .contains("stuck: 1 replica, 60 B, should leave", "no_room");
  }
}
