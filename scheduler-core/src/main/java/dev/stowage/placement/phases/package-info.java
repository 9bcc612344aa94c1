/** The phases of a plan; {@link dev.stowage.placement.phases.PlanRun} has their order. */
@NullMarked
package dev.stowage.placement.phases;

import org.jspecify.annotations.NullMarked;
