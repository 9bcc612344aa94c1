/**
 * Walks through a hostile world: a model draws what operators, ingesters, workers, portals, the
 * network and the store do next, every command is audited, and a walk that finds something ends as
 * a scenario file of a few lines. Everything comes from one 64-bit seed.
 *
 * <p>{@link dev.stowage.sim.kit.walk.Walks} runs many; {@link dev.stowage.sim.kit.walk.WalkModel}
 * lists the models; what a walk tells its world are lines of {@link dev.stowage.sim.kit.scenario}.
 */
@NullMarked
package dev.stowage.sim.kit.walk;

import org.jspecify.annotations.NullMarked;
