/**
 * Plans where each replica should be, and the next feasible step towards it.
 *
 * <p>{@link dev.stowage.placement.PlacementPlanner} is a pure function from {@link
 * dev.stowage.placement.PlacementInput} to {@link dev.stowage.placement.PlacementPlan}: equal
 * inputs give equal plans on any machine with any number of threads. Chunks and workers are
 * positions in canonical order; replicas live in flat arrays.
 */
@NullMarked
package dev.stowage.placement;

import org.jspecify.annotations.NullMarked;
