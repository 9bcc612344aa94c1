package dev.stowage.placement;

/** The planner proper, see the placement design. Keeps nothing between calls. */
final class StickyPlanner implements PlacementPlanner {
  static final StickyPlanner INSTANCE = new StickyPlanner();

  private StickyPlanner() {}

  @Override
  public PlacementPlan plan(PlacementInput input) {
    return PlanRun.of(input).run();
  }
}
