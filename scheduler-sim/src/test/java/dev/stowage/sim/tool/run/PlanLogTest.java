package dev.stowage.sim.tool.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo runs the planner that a host runs, and knows its plans all the same. */
class PlanLogTest {
  private static final PlacementConfig CONFIG = PlacementConfig.builder().build();

  private final List<PlacementPlan> heard = new ArrayList<>();
  private final PlanLog log = new PlanLog(PlacementPlanner.sticky(), heard::add, heard::add);

  @Test
  void log_ofAPlannerWithAnIndex_knowsWhatTheIndexPlanned() {
    assertThat(log.hash()).isEmpty();
    assertThat(log.targets()).isEmpty();
    WarmPlanner index = log.warm(CONFIG, SlotOrder.ASCENDING).orElseThrow();
    for (int slot = 0; slot < 3; slot++) {
      index.worker(slot, Worker.of(WorkerId.of("w" + slot), 1_000));
    }
    index.chunk(0, 77, 10).set(ChunkColumn.WEIGHT, 4).put();
    PlacementPlan plan = index.plan();
    assertThat(heard).containsExactly(plan);
    assertThat(log.hash()).isEqualTo(plan.planHash());
    assertThat(heard).as("a look-up is no new plan").hasSize(1);
    assertThat(log.targets()).containsOnlyKeys(4);
    PlacementPlan fresh =
        new PlanLog(PlacementPlanner.sticky(), other -> {}, other -> {}).plan(plan.input());
    assertThat(log.hash()).isEqualTo(fresh.planHash());
  }

  @Test
  void log_ofAPlannerWithoutIndex_hasNoneEither() {
    PlanLog without =
        new PlanLog(input -> PlacementPlanner.sticky().plan(input), plan -> {}, plan -> {});
    assertThat(without.warm(CONFIG, SlotOrder.ASCENDING)).isEmpty();
    assertThat(without.hash()).isEmpty();
  }
}
