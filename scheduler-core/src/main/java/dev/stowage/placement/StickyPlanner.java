package dev.stowage.placement;

import java.util.Optional;

/** The planner proper, see the placement design. Keeps nothing between calls. */
final class StickyPlanner implements PlacementPlanner {
  static final StickyPlanner INSTANCE = new StickyPlanner();

  private StickyPlanner() {}

  @Override
  public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    return Optional.of(WarmPlanner.of(config, order));
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    return PlanRun.of(input).run();
  }
}
