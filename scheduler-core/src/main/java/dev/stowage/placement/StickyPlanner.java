package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.phases.PlanRun;
import java.util.Optional;

/** The default planner, see the placement design. Stateless. */
final class StickyPlanner implements PlacementPlanner {
  static final StickyPlanner INSTANCE = new StickyPlanner();

  @Override
  public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    return Optional.of(WarmPlanner.of(config, order));
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    return new PlacementPlan(outcome(input.flat), this::outcome);
  }

  private PlanOutcome outcome(FlatInput input) {
    return PlanRun.of(input).run();
  }
}
