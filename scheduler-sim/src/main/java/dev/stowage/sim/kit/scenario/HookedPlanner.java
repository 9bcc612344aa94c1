package dev.stowage.sim.kit.scenario;

import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.Optional;

/** A planner that runs a hook before each plan, whether or not it is fed incrementally. */
record HookedPlanner(PlacementPlanner planner, Runnable hook) implements PlacementPlanner {
  @Override
  public PlacementPlan plan(PlacementInput input) {
    hook.run();
    return planner.plan(input);
  }

  @Override
  public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    Optional<WarmPlanner> warm = planner.warm(config, order);
    warm.ifPresent(it -> it.beforeEachPlan(hook));
    return warm;
  }
}
