package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * What only weight has earned keeps nobody from leaving: tiny worlds of floors and bonus replicas,
 * judged by a search that may give up whatever lies above floors.
 */
class StuckBesideBonusTest {
  private static final Eligibility SECOND =
      new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
  private static final int STEPS = 12;

  private static World.Piece hold(World world, long size, int floor, int... holders) {
    World.Piece piece = world.chunk(size);
    piece.bits = World.SEEN;
    piece.floor = floor;
    for (int holder : holders) {
      piece.held.put(holder, World.HELD);
    }
    return piece;
  }

  private static void leave(World world, int worker) {
    world.workers.set(worker, world.workers.get(worker).withStatus(WorkerStatus.LEAVING));
  }

  private static World world(long... capacities) {
    World world = new World();
    for (int i = 0; i < capacities.length; i++) {
      world.workers.add(Fleets.worker(i, capacities[i]));
    }
    return world;
  }

  @Test
  void leave_whoseRoomABonusReplicaHas_gets_it() {
    World world = world(100, 25, 100);
    hold(world, 20, 1, 0).eligibility = SECOND;
    hold(world, 10, 1, 1, 2).weight = 9;
    world.workers.set(0, world.workers.get(0).withVersion(new WorkerVersion(2, 0, 0)));
    world.workers.set(1, world.workers.get(1).withVersion(new WorkerVersion(2, 0, 0)));
    leave(world, 0);
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
    World world = world(100, 30, 20);
    hold(world, 20, 1, 0);
    hold(world, 15, 1, 2).weight = 9;
    leave(world, 0);
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    assertThat(plan.wantedWorkers(1)).containsExactly(2);
  }

  /** A bonus replica that nobody takes is given up: its worker leaves. */
  @Test
  void leave_ofABonusReplicaForWhichThereIsNoRoom_givesItUp() {
    World world = world(100, 20, 5);
    hold(world, 20, 1, 0, 1);
    leave(world, 0);
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).isEmpty();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    world.complete(plan);
    assertThat(world.plan().actionCount()).isZero();
  }

  @Test
  void leave_forWhichABonusReplicaWouldGiveWay_waitsForTheBudget() {
    World world = world(100, 20, 24);
    hold(world, 15, 1, 0);
    hold(world, 10, 1, 1, 2).weight = 9;
    leave(world, 0);
    world.config = world.config.toBuilder().budget(MovementBudget.ofBytes(0)).build();
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck()).isEmpty();
  }

  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void stuck_besideBonusReplicas_isStuckWhateverIsGivenUp(@ForAll long seed) {
    for (int kind = 0; kind < 4; kind++) {
      World world = drawn(seed, kind, false);
      for (int step = 0; step < STEPS; step++) {
        PlacementPlan plan = world.plan();
        for (Stuck each : plan.stuck()) {
          boolean isOfRoom = each.reason() != Hindrance.FROZEN && each.reason() != Hindrance.PINNED;
          assertThat(isOfRoom && ExactMoves.isPossibleWithoutBonus(world, plan, each))
              .as("%s could leave in step %d of kind %d", each, step, kind)
              .isFalse();
        }
        world.complete(plan);
      }
    }
  }

  /** All comes to rest, and then nothing is left on a leaving worker but what is stuck there. */
  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void worker_thatLeaves_endsWithWhatIsStuck(@ForAll long seed) {
    for (int kind = 0; kind < 4; kind++) {
      World world = drawn(seed, kind, true);
      PlacementPlan plan = world.plan();
      for (int step = 0; step < STEPS && plan.actionCount() > 0; step++) {
        assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
        world.complete(plan);
        plan = world.plan();
      }
      assertThat(plan.actionCount()).as("actions after %d steps", STEPS).isZero();
      for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
        Stuck expected = plan.wants(chunk, 0) ? stuckOn(plan, chunk) : null;
        assertThat(expected != null).isEqualTo(world.chunks.get(chunk).held.containsKey(0));
      }
    }
  }

  private static Stuck stuckOn(PlacementPlan plan, int chunk) {
    return plan.stuck().stream()
        .filter(each -> each.chunk() == chunk && each.worker() == 0)
        .findFirst()
        .orElse(null);
  }

  private static World drawn(long seed, int kind, boolean isNew) {
    SplittableRandom random = new SplittableRandom(seed * 8 + kind * 2 + (isNew ? 1 : 0));
    World world = new World();
    PlacementConfig.Builder config =
        PlacementConfig.builder().saturation(random.nextDouble(0.2, 1));
    if (kind == 3) {
      config.maxPerDomain(DomainWorld.limits(random.nextLong()));
    }
    world.config = config.build();
    int workers = random.nextInt(2, 6);
    for (int i = 0; i < workers; i++) {
      Worker worker = Fleets.worker(i, random.nextInt(1, kind > 0 ? 10 : 6));
      worker = worker.withVersion(new WorkerVersion(random.nextInt(1, 3), 0, 0));
      if (kind > 1 && random.nextBoolean()) {
        worker = worker.withMaxReplicas(random.nextInt(1, 4));
      }
      world.workers.add(kind == 3 ? worker.withZone("a" + random.nextInt(3)) : worker);
    }
    for (int i = random.nextInt(1, 7); i > 0; i--) {
      hold(world, kind > 0 ? random.nextInt(1, 4) : 1, random);
    }
    world.chunks.removeIf(piece -> piece.held.isEmpty());
    for (int i = isNew ? random.nextInt(1, 3) : 0; i > 0; i--) {
      World.Piece piece = world.chunk(kind > 0 ? random.nextInt(1, 4) : 1);
      piece.floor = random.nextInt(1, 3);
      piece.cap = random.nextBoolean() ? piece.floor : WeightPolicy.UNCAPPED;
    }
    leave(world, 0);
    return world;
  }

  private static void hold(World world, long size, SplittableRandom random) {
    World.Piece piece = world.chunk(size);
    piece.bits = World.SEEN;
    piece.weight = random.nextInt(1, 5);
    piece.eligibility = random.nextInt(3) == 0 ? SECOND : Eligibility.ANY;
    for (int worker = 0; worker < world.workers.size(); worker++) {
      Worker holder = world.workers.get(worker);
      int at = worker;
      long copies = world.chunks.stream().filter(each -> each.held.containsKey(at)).count();
      boolean fits =
          world.footprint(worker) + piece.size <= holder.capacityBytes()
              && copies < holder.maxReplicas()
              && piece.eligibility.admits(holder);
      if (fits && random.nextInt(5) < 2) {
        piece.held.put(worker, World.HELD);
      }
    }
    piece.floor = piece.held.isEmpty() ? 1 : random.nextInt(1, piece.held.size() + 1);
    piece.cap = random.nextInt(3) == 0 ? piece.floor + 1 : WeightPolicy.UNCAPPED;
  }
}
