package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class PlacementPropertiesTest {
  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void anyPlan_ofAnyWorld_holdsToTheRules(@ForAll long seed) {
    World world = Fleets.any(seed);
    assertThat(StepChecks.violations(world, Step.of(world.plan()))).isEmpty();
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void fedBack_inABoundedNumberOfCycles_changesNothing(@ForAll long seed) {
    World world = Fleets.any(seed);
    PlacementPlan plan = world.plan();
    int cycles = 0;
    while (plan.actionCount() > 0) {
      assertThat(cycles++).as("cycles until nothing changes").isLessThan(12);
      world.complete(plan);
      plan = world.plan();
      assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
    }
    assertThat(world.plan().planHash()).isEqualTo(plan.planHash());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void planHash_ofEqualInputs_isEqual(@ForAll long seed) {
    List<String> hashes =
        List.of(Fleets.any(seed).plan().planHash(), Fleets.any(seed).plan().planHash());
    assertThat(hashes.get(0)).isEqualTo(hashes.get(1));
  }
}
