package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import org.junit.jupiter.api.Test;

/** What a pending swap will replace: it keeps its floor, and makes way for its replacement. */
class EndingChunksTest {
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
  private static final int VISIBLE =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;

  @Test
  void plan_replacementOfAnEndingChunk_goesWhereThatMakesRoom() {
    for (int leaves = 0; leaves < 4; leaves++) {
      PlacementInputBuilder builder = fleet(0.1);
      for (int worker = 0; worker < 4; worker++) {
        int chunk = builder.addChunk(worker, 100);
        builder.bits(chunk, worker == leaves ? VISIBLE | ChunkBits.ENDING : VISIBLE);
        builder.replica(chunk, worker, HELD);
      }
      int replacement = builder.addChunk(77, 100);
      PlacementPlan plan = PlacementPlanner.sticky().plan(builder.build());
      assertThat(plan.wantedWorkers(replacement)).containsExactly(leaves);
      assertThat(plan.actionCount()).isEqualTo(1);
    }
  }

  @Test
  void plan_endingChunk_isNotGrownButKeepsItsFloor() {
    PlacementInputBuilder builder = fleet(1);
    int grows = builder.addChunk(1, 100);
    builder.bits(grows, VISIBLE).replica(grows, 0, HELD);
    int ends = builder.addChunk(2, 100);
    builder.bits(ends, VISIBLE | ChunkBits.ENDING).replica(ends, 1, HELD);
    int starved = builder.addChunk(3, 100);
    builder.bits(starved, VISIBLE | ChunkBits.ENDING);
    for (int chunk : new int[] {grows, ends, starved}) {
      builder.cap(chunk, WeightPolicy.UNCAPPED);
    }
    PlacementPlan plan = PlacementPlanner.sticky().plan(builder.build());
    assertThat(plan.wantedCount(grows)).isGreaterThan(1);
    assertThat(plan.wantedWorkers(ends)).containsExactly(1);
    assertThat(plan.wantedCount(starved)).isEqualTo(1);
  }

  private static PlacementInputBuilder fleet(double saturation) {
    PlacementInputBuilder builder =
        PlacementInput.builder(PlacementConfig.builder().saturation(saturation).build());
    for (String id : new String[] {"a", "b", "c", "d"}) {
      builder.addWorker(Worker.of(WorkerId.of(id), 1_000));
    }
    return builder;
  }
}
