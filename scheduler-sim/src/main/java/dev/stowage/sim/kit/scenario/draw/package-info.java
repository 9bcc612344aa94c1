/** What the next line of a story is drawn from. */
@NullMarked
package dev.stowage.sim.kit.scenario.draw;

import org.jspecify.annotations.NullMarked;
