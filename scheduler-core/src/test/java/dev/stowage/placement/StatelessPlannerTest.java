package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.placement.baseline.StatelessPlanner;
import org.junit.jupiter.api.Test;

class StatelessPlannerTest {
  private final PlacementPlanner planner = StatelessPlanner.withRings(50);

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
