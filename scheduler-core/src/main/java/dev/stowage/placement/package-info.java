/**
 * Plans where each replica should be, and the next feasible step towards it. {@link
 * dev.stowage.placement.PlacementPlanner} is a pure function from {@link
 * dev.stowage.placement.PlacementInput} to {@link dev.stowage.placement.PlacementPlan}.
 */
@NullMarked
package dev.stowage.placement;

import org.jspecify.annotations.NullMarked;
