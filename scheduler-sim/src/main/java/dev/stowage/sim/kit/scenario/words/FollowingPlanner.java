package dev.stowage.sim.kit.scenario.words;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A planner whose first plan follows given factors. Once the fleet remembers the factors of its own
 * plan, those replace the given ones. Plans from scratch. Immutable.
 */
final class FollowingPlanner implements PlacementPlanner {
  private final PlacementPlanner planner;
  private final SortedMap<Integer, Long> factors;

  /** Creates a planner; {@code factors} are in millionths, by weight. */
  FollowingPlanner(PlacementPlanner planner, Map<Integer, Long> factors) {
    this.planner = planner;
    this.factors = new TreeMap<>(factors);
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    return planner.plan(input.following(factors));
  }
}
