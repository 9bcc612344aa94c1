package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.WarmPlanner.ChunkDraft;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WarmPlannerTest {
  private static final int STEPS = 20;

  @Property(seed = "1")
  void plan_afterAnyHistory_equalsAFreshPlan(@ForAll Draws draws) {
    History history = new History(draws);
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

  /** The property would see a delta that is lost: each kind is lost once, in many histories. */
  @Test
  void deltas_thatAreLost_areNoticed() {
    for (History.Loss loss : History.Loss.values()) {
      if (loss != History.Loss.NONE) {
        assertThat(LongStream.range(0, 60).anyMatch(seed -> differs(seed, loss)))
            .as("a lost %s is noticed", loss)
            .isTrue();
      }
    }
  }

  private static boolean differs(long seed, History.Loss loss) {
    History history = new History(Draws.seeded(seed), loss);
    for (int step = 0; step < STEPS; step++) {
      try {
        history.step();
        PlacementPlan fresh = PlacementPlanner.sticky().plan(history.input());
        if (!history.planner.plan().planHash().equals(fresh.planHash())) {
          return true;
        }
      } catch (IllegalArgumentException | IllegalStateException refused) {
        return true;
      }
    }
    return false;
  }

  @Test
  void plan_ofNothing_isEmpty() {
    WarmPlanner planner = WarmPlanner.of(PlacementConfig.defaults(), SlotOrder.ASCENDING);
    assertThat(planner.plan().isIdle()).isTrue();
  }

  @Test
  void plan_askedAgain_isTheSameOne() {
    History history = new History(Draws.seeded(7));
    assertThat(history.planner.plan()).isSameAs(history.planner.plan());
  }

  @Test
  void put_ofWhatIsKnown_makesNoDifference() {
    WarmPlanner planner = oneOfEach();
    PlacementPlan plan = planner.plan();
    assertThat(planner.chunk(5, 1, 10).replica(3, World.HELD).put()).isFalse();
    assertThat(planner.plan()).isSameAs(plan);
    assertThat(planner.chunk(5, 1, 11).replica(3, World.HELD).put()).isTrue();
    assertThat(planner.plan()).isNotSameAs(plan);
  }

  @Test
  void plan_onceThePlannerKnowsMore_keepsItsActionsAndRefusesToLookUp() {
    WarmPlanner planner = WarmPlanner.of(PlacementConfig.defaults(), SlotOrder.ASCENDING);
    planner.worker(3, Fleets.worker(3, 100));
    planner.chunk(5, 1, 10).put();
    PlacementPlan plan = planner.plan();
    assertThat(plan.wantedWorkers(5)).containsExactly(3);
    assertThat(plan.wants(5, 3)).isTrue();
    planner.chunk(6, 2, 10).put();
    assertThat(plan.actionChunk(0)).isEqualTo(5);
    assertThat(plan.actionWorker(0)).isEqualTo(3);
    assertThatThrownBy(() -> plan.wantedWorkers(5)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(plan::planHash).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> plan.explainWorker(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void feeding_ofWhatCannotBe_isRefused() {
    WarmPlanner planner = oneOfEach();
    assertRefused(() -> planner.worker(3, Fleets.worker(4, 1)), "slot 3");
    assertRefused(() -> planner.worker(4, Fleets.worker(3, 1)), "slot 3");
    assertRefused(() -> planner.dropWorker(9), "slot 9");
    assertRefused(() -> planner.dropChunk(9), "slot 9");
    assertRefused(() -> planner.pin(9, 3), "slot 9");
    assertRefused(() -> planner.chunk(-1, 1, 1), "-1");
    assertRefused(() -> planner.chunk(1, 1, -1), "-1");
    assertRefused(() -> planner.chunk(1, 1, 1).replica(9, 0), "slot 9");
    assertRefused(() -> planner.chunk(1, 1, 1).replica(3, 0).replica(3, 0).put(), "two replicas");
    assertRefused(() -> planner.chunk(1, 1, 1).set(ChunkColumn.WEIGHT, 0), "weight is 0");
    assertThat(planner.knowsChunk(1)).isFalse();
    planner.request(PlanRequest.builder().intent(9, 3, 3).build());
    assertRefused(planner::plan, "slot 9");
  }

  @Test
  void draft_putTwice_isRefused() {
    ChunkDraft draft = oneOfEach().chunk(1, 1, 1);
    draft.put();
    assertThatThrownBy(draft::put).isInstanceOf(IllegalStateException.class);
  }

  private static void assertRefused(ThrowingCallable call, String why) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
  }

  private static WarmPlanner oneOfEach() {
    WarmPlanner planner = WarmPlanner.of(PlacementConfig.defaults(), SlotOrder.ASCENDING);
    planner.worker(3, Fleets.worker(3, 100));
    planner.chunk(5, 1, 10).replica(3, World.HELD).put();
    return planner;
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
