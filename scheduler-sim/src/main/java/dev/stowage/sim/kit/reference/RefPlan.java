package dev.stowage.sim.kit.reference;

import dev.stowage.placement.PlacementPlan;
import org.jspecify.annotations.Nullable;

/**
 * A plan that a scheduling cycle is to carry out.
 *
 * @param plan what the planner answered
 * @param madeFrom the fleet as it was then, which may be changed; null where no news came since
 */
record RefPlan(PlacementPlan plan, @Nullable RefFleet madeFrom) {}
