/** The oracles that judge a story after each of its steps. */
@NullMarked
package dev.stowage.sim.kit.scenario.oracles;

import org.jspecify.annotations.NullMarked;
