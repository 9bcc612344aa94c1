package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import org.junit.jupiter.api.Test;

/** While nothing may be deleted a plan preempts nothing; what it needs is freed in order. */
class HeldDeletionsTest {
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
  private static final int SEEN = ChunkBits.VISIBLE | ChunkBits.ESTABLISHED;

  private static PlacementInputBuilder starved() {
    PlacementInputBuilder builder = PlacementInput.builder(config());
    builder.addWorker(Worker.of(WorkerId.of("a"), 10));
    builder.addWorker(Worker.of(WorkerId.of("b"), 10));
    int rich = builder.addChunk(1, 10);
    builder.bits(rich, SEEN).replica(rich, 0, HELD);
    builder.replica(rich, 1, HELD);
    builder.bits(builder.addChunk(2, 10), SEEN);
    return builder;
  }

  private static PlacementConfig config() {
    return PlacementConfig.defaults();
  }

  private static boolean preempts(PlacementPlan plan) {
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == ActionKind.PREEMPT) {
        return true;
      }
    }
    return false;
  }

  @Test
  void plan_withDeletionsFree_preemptsForAStarvedFloor() {
    PlacementPlan plan = PlacementPlanner.sticky().plan(starved().build());
    assertThat(preempts(plan)).isTrue();
    assertThat(plan.shortfalls()).isEmpty();
  }

  @Test
  void plan_withDeletionsHeld_preemptsNothingAndSheds() {
    PlacementInput input = starved().holdDeletions().build();
    assertThat(input.isDeletionHeld()).isTrue();
    PlacementPlan plan = PlacementPlanner.sticky().plan(input);
    assertThat(preempts(plan)).isFalse();
    assertThat(plan.shortfalls()).hasSize(1);
    assertThat(plan.kind(0)).isEqualTo(ActionKind.SUPERSEDE);
  }

  @Test
  void warmPlan_asksAnewWhenDeletionsAreHeldAndWhenTheyAreNot() {
    WarmPlanner planner = WarmPlanner.of(config(), SlotOrder.ASCENDING);
    planner.worker(0, Worker.of(WorkerId.of("a"), 10));
    planner.worker(1, Worker.of(WorkerId.of("b"), 10));
    planner.chunk(0, 1, 10).bits(SEEN).replica(0, HELD).replica(1, HELD).put();
    planner.chunk(1, 2, 10).bits(SEEN).put();
    assertThat(preempts(planner.plan())).isTrue();
    planner.request(PlanRequest.builder().holdDeletions().build());
    assertThat(preempts(planner.plan())).isFalse();
    planner.request(PlanRequest.NONE);
    assertThat(preempts(planner.plan())).isTrue();
  }

  @Test
  void requests_thatDifferInHeldDeletions_areNotEqual() {
    PlanRequest held = PlanRequest.builder().holdDeletions().build();
    assertThat(held).isNotEqualTo(PlanRequest.NONE).hasSameHashCodeAs(held);
    assertThat(held).isEqualTo(PlanRequest.builder().holdDeletions().build());
  }
}
