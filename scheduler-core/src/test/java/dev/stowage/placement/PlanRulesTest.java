package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.MovementBudget;
import dev.stowage.config.Reason;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.baseline.StatelessPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the world, every plan holds to the rules, its figures are possible, and plans that are
 * carried out end: with an empty plan, and leaving workers empty but for what is stuck there.
 */
class PlanRulesTest {
  private static final int MOST_CYCLES = 16;

  private static PlacementPlan assertSound(World world) {
    PlacementPlan plan = world.plan();
    assertThat(StepChecks.violations(world, Step.of(plan))).as("%s", world).isEmpty();
    assertThat(plan.figures().bytesMinimum()).isBetween(0L, plan.figures().bytesAdded());
    for (Stuck each : plan.stuck()) {
      assertThat(plan.wants(each.chunk(), each.worker())).isTrue();
      assertThat(world.chunks.get(each.chunk()).bits & ChunkBits.PINNED).isZero();
      boolean isAllPlaced = plan.shortfalls().isEmpty() && plan.deferrals().isEmpty();
      if (each.reason() == Reason.NO_ROOM && isAllPlaced) {
        assertThat(each.mostRoomBytes()).isLessThan(world.chunks.get(each.chunk()).size);
      }
      if (each.reason() == Reason.TOO_FEW_WORKERS) {
        assertThat(each.eligibleWorkers()).isZero();
        assertThat(each.mostRoomBytes()).isZero();
      }
    }
    return plan;
  }

  private static void assertSoundToRest(World world) {
    PlacementPlan plan = assertSound(world);
    for (int cycle = 0; plan.actionCount() > 0; cycle++) {
      assertThat(cycle).as("cycles until nothing changes").isLessThan(MOST_CYCLES);
      world.complete(plan);
      plan = assertSound(world);
    }
    assertThat(plan.figures().bytesAdded()).isZero();
    assertLeaversAreEmptyButForTheStuck(world, plan);
  }

  private static void assertLeaversAreEmptyButForTheStuck(World world, PlacementPlan plan) {
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      for (Map.Entry<Integer, Integer> replica : piece.held.entrySet()) {
        int worker = replica.getKey();
        boolean leaves = world.workers.get(worker).status() == WorkerStatus.LEAVING;
        boolean isFree = (piece.bits & ChunkBits.PINNED) == 0 && replica.getValue() == World.HELD;
        int at = chunk;
        if (leaves && isFree && plan.wants(chunk, worker)) {
          assertThat(plan.stuck())
              .as("what is left of chunk %d on %d", chunk, worker)
              .anyMatch(it -> it.chunk() == at && it.worker() == worker);
        }
      }
    }
  }

  @Property(seed = "1")
  void plans_ofAnyWorld_holdToTheRules_andEnd(@ForAll Draws draws) {
    assertSoundToRest(SmallWorlds.any().draw(draws));
  }

  @Property(seed = "1")
  void plans_ofAnyScoredWorldOfLimitedDomains_holdToTheRules_andEnd(@ForAll Draws draws) {
    assertSoundToRest(SmallWorlds.any().zones(3).limited().scores().draw(draws));
  }

  /** Room for five replicas of three chunks: neither cap is reached, both stand in the answer. */
  @Test
  void planHash_tellsTheCapsOfFactors() {
    List<String> hashes = new ArrayList<>();
    List<PoolFactor> factors = new ArrayList<>();
    for (int cap : new int[] {3, 4}) {
      World world = World.of(100, 100, 100, 100, 100);
      world.cap = cap;
      for (int chunk = 0; chunk < 3; chunk++) {
        world.chunk(60);
      }
      PlacementPlan plan = world.plan();
      hashes.add(plan.decisionHash());
      factors.addAll(plan.factors());
    }
    assertThat(factors).extracting(PoolFactor::cap).containsExactly(3, 4);
    assertThat(factors).extracting(PoolFactor::reached).containsOnly(factors.get(0).reached());
    assertThat(factors)
        .extracting(PoolFactor::targetMillionths)
        .containsOnly(factors.get(0).targetMillionths());
    assertThat(hashes).doesNotHaveDuplicates();
  }

  /** Counts bind more than bytes. */
  @Property(seed = "1")
  void plans_whereCountsBind_holdToTheRules_andEnd(@ForAll Draws draws) {
    World world = SmallWorlds.any().capacity(4, 800).leaving().draw(draws);
    world.workers.replaceAll(worker -> worker.withMaxReplicas(1 + draws.nextInt(9)));
    assertSoundToRest(world);
  }

  @Property(seed = "1")
  void plans_ofATinyFleetThatAWorkerLeaves_holdToTheRules_andEnd(@ForAll Draws draws) {
    SmallWorlds tiny = SmallWorlds.tiny().saturation(20, 100).capped().held().leaving();
    assertSoundToRest(tiny.zones(3).limited().counted().draw(draws));
  }

  /** Chunks of one size are held at random, then workers are cut as far as floors allow. */
  @Property(seed = "1")
  void plans_ofAWorkerWhoseCapacityIsCut_bringItWithin(@ForAll Draws draws) {
    World world = new SmallWorlds().workers(2, 5).capacity(2, 8).chunks(1, 8).seen().draw(draws);
    world.chunks.forEach(piece -> piece.floor = 1);
    world.chunks.removeIf(piece -> piece.held.keySet().equals(Set.of(0)));
    world.alter(0, it -> it.withCapacityBytes(draws.nextInt((int) it.capacityBytes())));
    assertSoundToRest(world);
    assertThat(world.footprint(0)).isLessThanOrEqualTo(world.workers.get(0).capacityBytes());
  }

  @Property(seed = "1")
  void plan_underAnyBudget_holdsToTheRules(@ForAll Draws draws) {
    assertSound(SmallWorlds.any().zones(2).budget().swaps().draw(draws));
  }

  @Property(seed = "1")
  void plan_ofTheStatelessPlanner_holdsToTheRules(@ForAll Draws draws) {
    World world = SmallWorlds.any().draw(draws);
    PlacementPlan plan = StatelessPlanner.withRings(50).plan(world.input());
    assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
    assertThat(plan.figures().bytesMinimum()).isBetween(0L, plan.figures().bytesAdded());
  }

  /**
   * Worlds in which a chunk was moved between zones without end, beside a replica on its way; a
   * chunk took for itself the room that its own chain had been begun for; a chunk left, for another
   * zone, the room that was preempted for it; what was shed for a deferred chunk was grown again
   * for ever.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spread -5667986750854158402",
        "spread -1527410319054546595",
        "fedback",
        "preempt",
        "label"
      })
  void plans_whereARuleWasOnceBroken_holdToTheRules_andEnd(String name) {
    World world = WorldText.named(name);
    for (int bytes : List.of(70, 171)) {
      World bound = world.copy();
      bound.configure(config -> config.budget(MovementBudget.ofBytes(bytes)));
      assertSound(bound);
      assertThat(Promises.keepsTheBudget(bound, World::plan)).isEmpty();
    }
    assertSoundToRest(world);
  }
}
