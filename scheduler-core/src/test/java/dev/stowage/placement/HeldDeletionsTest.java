package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** While nothing may be deleted a plan preempts nothing; what it needs is freed in order. */
class HeldDeletionsTest {
  /** Two workers full of one chunk, when another one has nothing. */
  private static World starved() {
    World world = World.of(10, 10);
    world.hold(10, 0, 1);
    world.hold(10);
    return world;
  }

  private static boolean preempts(PlacementPlan plan) {
    return IntStream.range(0, plan.actionCount())
        .anyMatch(action -> plan.kind(action) == ActionKind.PREEMPT);
  }

  @Test
  void plan_withDeletionsHeld_preemptsNothingAndSheds() {
    World world = starved();
    world.holdsDeletions = true;
    assertThat(world.input().isDeletionHeld()).isTrue();
    PlacementPlan plan = world.plan();
    assertThat(preempts(plan)).isFalse();
    assertThat(plan.shortfalls()).hasSize(1);
    assertThat(plan.kind(0)).isEqualTo(ActionKind.SUPERSEDE);
  }

  @Test
  void warmPlan_asksAnewWhenDeletionsAreHeldAndWhenTheyAreNot() {
    WarmPlanner planner = WarmPlanner.of(PlacementConfig.defaults(), SlotOrder.ASCENDING);
    planner.worker(0, Fleets.worker(0, 10));
    planner.worker(1, Fleets.worker(1, 10));
    planner.chunk(0, 1, 10).bits(World.SEEN).replica(0, World.HELD).replica(1, World.HELD).put();
    planner.chunk(1, 2, 10).bits(World.SEEN).put();
    assertThat(preempts(planner.plan())).isTrue();
    planner.request(PlanRequest.builder().holdDeletions().build());
    assertThat(preempts(planner.plan())).isFalse();
    planner.request(PlanRequest.NONE);
    assertThat(preempts(planner.plan())).isTrue();
  }
}
