package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.Avalanche;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.Search;
import org.junit.jupiter.api.Test;

/** Which searches a plan names as having given up. */
class CutShortTest {
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
  private static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;

  private final PlacementInputBuilder input =
      PlacementInput.builder(PlacementConfig.builder().saturation(1).build());
  private int workers;
  private int chunks;

  private void worker(long capacity, WorkerStatus status) {
    input.addWorker(Worker.of(new WorkerId("w" + workers++), capacity).withStatus(status));
  }

  /** A chunk of which one replica is held, or which is new where the worker is below 0. */
  private void chunk(long size, int worker) {
    int chunk = input.addChunk(Avalanche.of(++chunks), size);
    if (worker >= 0) {
      input.bits(chunk, SEEN).replica(chunk, worker, HELD);
    }
  }

  private PlacementPlan plan() {
    return PlacementPlanner.sticky().plan(input.build());
  }

  @Test
  void cutShort_ofOneSizeThatIsStuck_isNothing() {
    worker(2, WorkerStatus.LEAVING);
    worker(2, WorkerStatus.ACTIVE);
    worker(2, WorkerStatus.ACTIVE);
    for (int i = 0; i < 6; i++) {
      chunk(1, i / 2);
    }
    PlacementPlan plan = plan();
    assertThat(plan.stuck()).hasSize(2);
    assertThat(plan.cutShort()).isEmpty();
  }

  @Test
  void cutShort_ofManySizesThatAreStuck_isRelocation() {
    worker(4, WorkerStatus.LEAVING);
    worker(4, WorkerStatus.ACTIVE);
    worker(2, WorkerStatus.ACTIVE);
    chunk(4, 0);
    chunk(1, 1);
    chunk(1, 1); // both would have to go to the third worker
    PlacementPlan plan = plan();
    assertThat(plan.stuck()).hasSize(1);
    assertThat(plan.cutShort()).containsExactly(Search.RELOCATION);
    assertThat(PlanReport.of(plan, Integer::toString).text())
        .contains("Not every way was tried: more moves that make room may be possible");
  }

  @Test
  void cutShort_whereNothingStaysShort_isNothing() {
    worker(4, WorkerStatus.LEAVING);
    worker(8, WorkerStatus.ACTIVE);
    chunk(4, 0);
    chunk(3, 1);
    PlacementPlan plan = plan();
    assertThat(plan.isFeasible()).isTrue();
    assertThat(plan.cutShort()).isEmpty();
  }
}
