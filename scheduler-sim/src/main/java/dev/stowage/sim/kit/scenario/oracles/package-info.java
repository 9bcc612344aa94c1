/** What must hold after a step of a story, and where it does not. */
@NullMarked
package dev.stowage.sim.kit.scenario.oracles;

import org.jspecify.annotations.NullMarked;
