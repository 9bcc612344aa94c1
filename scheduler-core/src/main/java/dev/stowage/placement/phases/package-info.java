/**
 * The phases of a plan, in the order of {@link dev.stowage.placement.phases.PlanRun}, and the two
 * planners that run them.
 */
@NullMarked
package dev.stowage.placement.phases;

import org.jspecify.annotations.NullMarked;
