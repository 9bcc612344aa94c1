package dev.stowage.placement.phases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.MovementBudget;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.Fleets;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.World;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that a worker's excess replicas move or are given up, and that no floor pays for it. */
class CapacityCutsTest {
  private static final int UNSEEN = ReplicaBits.ASSIGNED;

  /** Returns a world with a cordoned worker that takes nothing; its capacity raises targets. */
  private static World beside(long... capacities) {
    World world = World.of(capacities);
    Worker idle = Fleets.worker(capacities.length, 100);
    world.workers.add(idle.withStatus(WorkerStatus.CORDONED));
    return world;
  }

  private static World.Piece seen(World world, long size, int floor, int... holders) {
    World.Piece piece = world.hold(size, holders);
    piece.floor = floor;
    return piece;
  }

  @Test
  void bonusThatNobodyHasYet_isGivenUpBeforeOneThatServes() {
    World world = beside(4, 6);
    World.Piece waits = seen(world, 2, 1, 1);
    waits.held.put(0, UNSEEN);
    seen(world, 2, 1, 0, 1);
    seen(world, 2, 1, 0, 1);
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedWorkers(0)).containsExactly(1);
    assertThat(plan.wantedWorkers(1)).containsExactlyInAnyOrder(0, 1);
    assertThat(plan.wantedWorkers(2)).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void whatWaitsForTheBudget_isNotGivenUp() {
    World world = World.of(2, 8, 8);
    seen(world, 2, 1, 0, 1);
    seen(world, 2, 1, 0, 1);
    MovementBudget none = new MovementBudget(Long.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE);
    world.config = world.config.toBuilder().saturation(0.5).budget(none).build();
    PlacementPlan plan = world.plan();
    assertThat(wantedOn(world, plan, 0)).isEqualTo(4);
    world.configure(config -> config.budget(MovementBudget.UNLIMITED));
    assertThat(wantedOn(world, world.plan(), 0)).isLessThanOrEqualTo(2);
    assertThat(world.plan().wantedCount(0) + world.plan().wantedCount(1)).isEqualTo(4);
  }

  @Test
  void whatGoesByItself_movesNothing() {
    World world = World.of(2, 8);
    seen(world, 2, 1, 0).bits |= ChunkBits.PINNED;
    seen(world, 2, 1, 0);
    world.configure(config -> config.saturation(0.1));
    assertThat(world.plan().actionCount()).isZero();
  }

  private static long wantedOn(World world, PlacementPlan plan, int worker) {
    long bytes = 0;
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      boolean isWanted = IntStream.of(plan.wantedWorkers(chunk)).anyMatch(it -> it == worker);
      bytes += isWanted ? world.chunks.get(chunk).size : 0;
    }
    return bytes;
  }
}
