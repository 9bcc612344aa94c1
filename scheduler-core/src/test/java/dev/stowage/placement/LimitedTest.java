package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workers that may hold only so many replicas: a second capacity, as hard as bytes. */
class LimitedTest {
  private static World world(int workers, int chunks, int floor) {
    World world = new World();
    world.floor = floor;
    world.config = PlacementConfig.builder().saturation(1).build();
    IntStream.range(0, workers).forEach(i -> world.workers.add(Fleets.worker(i, 1_000)));
    IntStream.range(0, chunks).forEach(i -> world.chunk(10));
    return world;
  }

  private static void limit(World world, int worker, int most) {
    world.alter(worker, it -> it.withMaxReplicas(most));
  }

  @Test
  void factors_areThoseThatCountsCanCarry() {
    World world = world(4, 10, 1);
    IntStream.range(0, 4).forEach(worker -> limit(world, worker, 5));
    PlacementPlan plan = world.plan();
    for (int chunk = 0; chunk < 10; chunk++) {
      assertThat(plan.wantedWorkers(chunk)).hasSize(2);
    }
  }

  @Test
  void newChunk_preemptsReplicasOfNoBytes_whereOnlyTheirNumberIsInTheWay() {
    World world = world(1, 1, 1);
    World.Piece leftover = world.chunk(0);
    leftover.floor = 1;
    leftover.bits = World.SEEN | ChunkBits.PINNED;
    limit(world, 0, 1);
    leftover.held.put(0, World.HELD);
    assertThat(world.plan().deferrals()).hasSize(1);
    leftover.bits = World.SEEN;
    leftover.held.put(0, ReplicaBits.SUPERSEDED);
    world.workers.add(Fleets.worker(1, 1));
    leftover.held.put(1, World.HELD);
    PlacementPlan plan = world.plan();
    assertThat(plan.deferrals()).isEmpty();
    assertThat(plan.wantedWorkers(0)).containsExactly(0);
  }

  @Test
  void floor_shedsABonusReplica_whereOnlyItsNumberIsInTheWay() {
    World world = world(2, 0, 1);
    IntStream.range(0, 2).forEach(worker -> limit(world, worker, 2));
    for (int i = 0; i < 2; i++) {
      world.hold(0, 0, 1);
    }
    world.chunk(10);
    PlacementPlan plan = world.plan();
    assertThat(plan.deferrals()).hasSize(1);
    assertThat(IntStream.range(0, plan.actionCount()).mapToObj(plan::cause)).contains(Cause.SHED);
    world.complete(plan);
    assertThat(world.plan().deferrals()).isEmpty();
  }
}
