package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.PlacementInput.ChunkBits;
import org.junit.jupiter.api.Test;

/** Tests the old chunks of a pending swap: they keep their floor, and make way. */
class EndingChunksTest {
  @Test
  void plan_replacementOfAnEndingChunk_goesWhereThatMakesRoom() {
    for (int leaves = 0; leaves < 4; leaves++) {
      World world = World.of(1_000, 1_000, 1_000, 1_000);
      world.configure(config -> config.saturation(0.1));
      for (int worker = 0; worker < 4; worker++) {
        world.hold(100, worker).bits |= worker == leaves ? ChunkBits.ENDING : 0;
      }
      world.chunk(100);
      PlacementPlan plan = world.plan();
      assertThat(plan.wantedWorkers(4)).containsExactly(leaves);
      assertThat(plan.actionCount()).isEqualTo(1);
    }
  }

  @Test
  void plan_endingChunk_isNotGrownButKeepsItsFloor() {
    World world = World.of(1_000, 1_000, 1_000, 1_000);
    world.hold(100, 0);
    world.hold(100, 1).bits |= ChunkBits.ENDING;
    world.hold(100).bits |= ChunkBits.ENDING;
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedCount(0)).isGreaterThan(1);
    assertThat(plan.wantedWorkers(1)).containsExactly(1);
    assertThat(plan.wantedCount(2)).isEqualTo(1);
  }
}
