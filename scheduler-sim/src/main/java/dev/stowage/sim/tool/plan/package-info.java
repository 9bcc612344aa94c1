/**
 * What-if planning on files: reads a fleet, its chunks and what is held into a {@link
 * dev.stowage.placement.PlacementInput}, and writes what a plan says about them (simulation design,
 * section 4).
 */
@NullMarked
package dev.stowage.sim.tool.plan;

import org.jspecify.annotations.NullMarked;
