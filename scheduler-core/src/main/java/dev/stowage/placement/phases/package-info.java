/**
 * How a plan is made: floors, growth, moves and levelling, step by step, and the two planners that
 * run them.
 *
 * <p>The order of the steps is in {@link dev.stowage.placement.phases.PlanRun}.
 */
@NullMarked
package dev.stowage.placement.phases;

import org.jspecify.annotations.NullMarked;
