/**
 * A run of a simulated fleet, recorded for a report: the rounds of a world, a census after each of
 * them, and the fewest bytes with which each event could be answered.
 */
@NullMarked
package dev.stowage.sim.tool.run;

import org.jspecify.annotations.NullMarked;
