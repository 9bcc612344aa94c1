/** The sources from which the next line of a story is drawn. */
@NullMarked
package dev.stowage.sim.kit.scenario.draw;

import org.jspecify.annotations.NullMarked;
