package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.MovementBudget;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nine workers of 200 bytes hold 96 bytes each in chunks of 2; the last one replaces the first. */
class ReplacementTest {
  private static final int OLD = 0;
  private static final int NEW = 9;
  private static final int HELD_BYTES = 96;

  private static World fleet(int newcomers) {
    World world = World.of(new long[9 + newcomers]);
    world.workers.replaceAll(worker -> worker.withCapacityBytes(200));
    world.cap = 2;
    world.floor = 2;
    for (int chunk = 0; chunk < 9 * HELD_BYTES / 4; chunk++) {
      world.hold(2, chunk % 9, (chunk + 1 + chunk / 9 % 8) % 9);
    }
    return world;
  }

  private static void replace(World world, int old, int by) {
    world.leave(old);
    Optional<Worker> successor = Optional.of(world.workers.get(by));
    world.alter(old, it -> it.withReplacement(successor.map(Worker::id)));
  }

  private static List<Integer> heldOn(World world, int worker) {
    List<Integer> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      if (world.chunks.get(chunk).held.containsKey(worker)) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }

  /** Carries plans out until one does nothing; returns the bytes that they copied. */
  private static long bytesToRest(World world) {
    long bytes = 0;
    PlacementPlan plan = world.plan();
    for (int cycle = 0; plan.actionCount() > 0; cycle++) {
      assertThat(cycle).isLessThan(40);
      assertThat(StepChecks.violations(world, Step.of(plan))).as("%s", world).isEmpty();
      bytes += plan.figures().bytesAdded();
      world.complete(plan);
      plan = world.plan();
    }
    return bytes;
  }

  /** All copies of a plan are on their way, and what it gives up is still there. */
  private static void begin(World world, PlacementPlan plan) {
    int left = ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED | ReplicaBits.READABLE;
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      Map<Integer, Integer> held = world.chunks.get(chunk).held;
      held.replaceAll((worker, bits) -> left);
      for (int worker : plan.wantedWorkers(chunk)) {
        held.put(worker, held.containsKey(worker) ? World.HELD : ReplicaBits.ASSIGNED);
      }
    }
  }

  private static void end(World world) {
    world.alter(OLD, it -> it.withReplacement(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 31, Long.MAX_VALUE})
  void everyByteMovesOnce_overThePlansOfABudget(long budget) {
    World world = fleet(1);
    List<Integer> moving = heldOn(world, OLD);
    replace(world, OLD, NEW);
    world.configure(config -> config.budget(MovementBudget.ofBytes(budget)));
    assertThat(bytesToRest(world)).isEqualTo(HELD_BYTES);
    assertThat(heldOn(world, NEW)).isEqualTo(moving);
    assertThat(heldOn(world, OLD)).isEmpty();
    end(world);
    assertThat(bytesToRest(world)).isZero();
  }

  /** Leaves copies that are still on their way to the newcomer where they were before. */
  @Test
  void everyByteMovesOnce_ifACycleLiesBetween() {
    World world = fleet(1);
    List<Integer> moving = heldOn(world, OLD);
    PlacementPlan between = world.plan();
    assertThat(between.figures().bytesAdded()).isGreaterThan(80);
    begin(world, between);
    replace(world, OLD, NEW);
    long begun = 2 * moving.stream().filter(it -> between.wants(it, NEW)).count();
    assertThat(begun).isBetween(12L, 30L);
    assertThat(bytesToRest(world)).isEqualTo(HELD_BYTES - begun);
    assertThat(heldOn(world, NEW)).isEqualTo(moving);
  }

  /** A lost worker is repaired, new chunks come and bonus copies are earned beside the newcomer. */
  @Test
  void newcomer_takesNothingElse_whileOthersHaveRoom() {
    World world = fleet(1);
    List<Integer> moving = heldOn(world, OLD);
    replace(world, OLD, NEW);
    world.alter(4, it -> it.withStatus(WorkerStatus.DEPARTED));
    for (int chunk = 0; chunk < 9; chunk++) {
      world.chunk(2);
      world.chunks.get(chunk).cap = 3;
    }
    bytesToRest(world);
    assertThat(heldOn(world, NEW)).isEqualTo(moving);
    assertThat(heldOn(world, OLD)).isEmpty();
    end(world);
    assertThat(bytesToRest(world)).as("levelling").isPositive();
  }

  @Test
  void newcomer_takesWhatAFloorFindsNowhereElse() {
    World world = World.of(10, 10, 10);
    world.hold(4, 0, 1).floor = 2;
    world.chunk(4).floor = 2;
    replace(world, 0, 2);
    assertThat(world.plan().deferrals()).isEmpty();
    assertThat(bytesToRest(world)).isEqualTo(12);
  }

  @Test
  void newcomerThatIsTooSmall_takesWhatFits() {
    World world = fleet(1);
    world.alter(NEW, it -> it.withCapacityBytes(40));
    replace(world, OLD, NEW);
    assertThat(bytesToRest(world)).isEqualTo(HELD_BYTES);
    assertThat(world.footprint(NEW)).isEqualTo(40);
    assertThat(heldOn(world, OLD)).isEmpty();
  }

  @Test
  void newcomerThatIsSilent_isWaitedFor_andOneThatTakesNothingIsNot() {
    World world = fleet(1);
    replace(world, OLD, NEW);
    world.alter(NEW, it -> it.withStatus(WorkerStatus.SUSPECT));
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.stuck()).isEmpty();
    world.alter(NEW, it -> it.withStatus(WorkerStatus.CORDONED));
    assertThat(bytesToRest(world)).isEqualTo(HELD_BYTES);
    assertThat(heldOn(world, NEW)).isEmpty();
  }

  @Property(seed = "1", tries = 300)
  void plans_ofAnyWorldWithBonds_holdToTheRules_andEnd(@ForAll Draws draws) {
    World world = SmallWorlds.any().leaving().draw(draws);
    for (int worker = 0; worker < world.workers.size(); worker++) {
      int by = draws.nextInt(world.workers.size());
      if (by != worker && draws.nextBoolean()) {
        replace(world, worker, by);
      }
    }
    bytesToRest(world);
  }
}
