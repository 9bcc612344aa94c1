package dev.stowage.sim.kit.scenario;

import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.SlotOrder;
import dev.stowage.placement.WarmPlanner;
import java.util.Optional;

/** A planner that delegates, and tells whether the delegate is fed incrementally. */
final class WatchedPlanner implements PlacementPlanner {
  private final PlacementPlanner planner;
  private boolean isFed;

  WatchedPlanner(PlacementPlanner planner) {
    this.planner = planner;
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    isFed = false;
    return planner.plan(input);
  }

  @Override
  public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    Optional<WarmPlanner> warm = planner.warm(config, order);
    isFed = warm.isPresent();
    return warm;
  }

  boolean isFed() {
    return isFed;
  }
}
