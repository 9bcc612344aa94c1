/**
 * Decides when a copy is worth moving.
 *
 * <p>A host scores by a {@link dev.stowage.rebalance.PlacementScorer} how well a chunk lies on a
 * worker, from 0 to 1. A {@link dev.stowage.rebalance.passes.Rebalancer} samples the scores and
 * asks for moves. A {@link dev.stowage.rebalance.MoveIntent} is a wish that biases the planner and
 * never a deletion: the copy is confirmed before the old replica drains. A {@link
 * dev.stowage.rebalance.MoveExplanation.Verdict} explains every chunk.
 *
 * <p>Scores, gains and costs are compared in whole micro-points, millionths of the score range, so
 * no decision depends on floating-point rounding. Time is the caller's {@link
 * dev.stowage.model.Tick}; one below the largest seen counts as the largest.
 */
@NullMarked
package dev.stowage.rebalance;

import org.jspecify.annotations.NullMarked;
