package dev.stowage.sim.tool.demo;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PoolFactor;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plans as another planner does, and keeps of each plan its hash and its factors. */
final class PlanLog implements PlacementPlanner {
  private static final long ONE = 1_000_000;

  private final PlacementPlanner planner;
  private String hash = "";
  private List<PoolFactor> factors = List.of();

  /** Listens to {@code planner}. */
  PlanLog(PlacementPlanner planner) {
    this.planner = planner;
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    PlacementPlan plan = planner.plan(input);
    hash = plan.planHash();
    factors = plan.factors();
    return plan;
  }

  /** The hash of the last plan; empty before the first. */
  String hash() {
    return hash;
  }

  /** The least target of each weight in the last plan. */
  SortedMap<Integer, Integer> targets() {
    SortedMap<Integer, Integer> targets = new TreeMap<>();
    for (PoolFactor factor : factors) {
      targets.merge(factor.weight(), (int) (factor.targetMillionths() / ONE), Math::min);
    }
    return targets;
  }
}
