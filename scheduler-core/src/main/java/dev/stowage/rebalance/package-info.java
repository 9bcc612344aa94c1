/**
 * Decides when a copy is worth moving. A {@link dev.stowage.rebalance.PlacementScorer} scores how
 * well a chunk lies on a worker, from 0 to 1; a {@link dev.stowage.rebalance.passes.Rebalancer}
 * asks for moves. A {@link dev.stowage.rebalance.RebalancePass.MoveIntent} biases the planner and
 * deletes nothing: the copy is confirmed before the old replica drains.
 *
 * <p>Scores, gains and costs are whole micro-points, so no decision depends on floating-point
 * rounding. A {@link dev.stowage.model.Tick} below the largest seen counts as the largest.
 */
@NullMarked
package dev.stowage.rebalance;

import org.jspecify.annotations.NullMarked;
