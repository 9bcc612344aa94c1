package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class WarmPlannerTest {
  private static final int STEPS = 30;

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void plan_afterAnyHistory_equalsAFreshPlan(@ForAll long seed) {
    History history = new History(seed);
    for (int step = 0; step < STEPS; step++) {
      history.step();
      PlacementPlan fresh = PlacementPlanner.sticky().plan(history.input());
      PlacementPlan warm = history.planner.plan();
      assertThat(warm.planHash()).as("step %d", step).isEqualTo(fresh.planHash());
      assertThat(warm.figures()).isEqualTo(fresh.figures());
      assertThat(warm.factors()).isEqualTo(fresh.factors());
      assertSameUnderSlots(history, warm, fresh);
    }
  }

  private static void assertSameUnderSlots(
      History history, PlacementPlan warm, PlacementPlan fresh) {
    List<Integer> chunks = history.canonicalChunks();
    assertThat(warm.actionCount()).isEqualTo(fresh.actionCount());
    for (int action = 0; action < warm.actionCount(); action++) {
      assertThat(warm.actionChunk(action)).isEqualTo(chunks.get(fresh.actionChunk(action)));
      assertThat(warm.partner(action)).isEqualTo(fresh.partner(action));
      assertThat(history.workers.get(warm.actionWorker(action)))
          .isEqualTo(fresh.input().worker(fresh.actionWorker(action)));
    }
    assertThat(warm.deferrals().stream().map(Shortage::chunk).toList())
        .isEqualTo(fresh.deferrals().stream().map(each -> chunks.get(each.chunk())).toList());
    for (int chunk : chunks) {
      assertThat(warm.explain(chunk, at -> "chunk"))
          .isEqualTo(fresh.explain(chunks.indexOf(chunk), at -> "chunk"));
    }
  }
}
