/**
 * Where each replica should be, and the next feasible step towards it.
 *
 * <p>{@link dev.stowage.placement.PlacementPlanner} is a pure function from a {@link
 * dev.stowage.placement.PlacementInput} to a {@link dev.stowage.placement.PlacementPlan}: the same
 * input gives the same plan on any machine and with any number of threads. Chunks and workers are
 * dense positions in canonical order; replicas live in flat arrays.
 */
@NullMarked
package dev.stowage.placement;

import org.jspecify.annotations.NullMarked;
