package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class StatelessPlannerTest {
  private final PlacementPlanner planner = StatelessPlanner.withRings(50);

  @Property(seed = "1", tries = 500, shrinking = ShrinkingMode.OFF)
  void plan_ofAnyWorld_holdsToTheRules(@ForAll long seed) {
    World world = Fleets.any(seed);
    assertThat(StepChecks.violations(world, Step.of(planner.plan(world.input())))).isEmpty();
  }

  @Test
  void plan_ofItsOwnOutput_changesNothing() {
    World world = Fleets.uniform(20, 50, 2, 40);
    world.complete(planner.plan(world.input()));
    assertThat(planner.plan(world.input()).actionCount()).isZero();
  }

  @Test
  void withRings_ofNone_isRefused() {
    assertThatThrownBy(() -> StatelessPlanner.withRings(0)).hasMessageContaining("rings is 0");
  }
}
