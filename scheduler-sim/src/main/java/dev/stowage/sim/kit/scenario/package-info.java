/**
 * Scenario files: stories of a fleet that anyone can write, and that are replayed step by step with
 * every invariant audited (simulation design, section 6). A scenario is read as a whole before
 * anything is run; each step then acts on a world without a network through the public facade.
 */
@NullMarked
package dev.stowage.sim.kit.scenario;

import org.jspecify.annotations.NullMarked;
