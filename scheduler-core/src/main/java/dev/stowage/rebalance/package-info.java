/**
 * When is a copy worth moving?
 *
 * <p>A host says by a {@link dev.stowage.rebalance.PlacementScorer} how well a chunk lies on a
 * worker, from 0 to 1. A {@link dev.stowage.rebalance.passes.Rebalancer} samples these scores,
 * remembers them, and asks for moves: a {@link dev.stowage.rebalance.MoveIntent} is a wish that the
 * planner honours as a bias, never a deletion, so that every move is copy first, confirm, then
 * drain. For every chunk a {@link dev.stowage.rebalance.MoveExplanation.Verdict} says why it is
 * moved or stays.
 *
 * <p>Scores, gains and costs are compared as whole micro-points, millionths of the range of a
 * score: no decision hangs on the last bit of a floating-point number. Time is the caller's {@link
 * dev.stowage.model.Tick}; one that is smaller than the largest seen counts as the largest.
 */
@NullMarked
package dev.stowage.rebalance;

import org.jspecify.annotations.NullMarked;
