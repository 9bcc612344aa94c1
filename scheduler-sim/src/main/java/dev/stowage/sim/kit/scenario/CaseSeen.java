package dev.stowage.sim.kit.scenario;

import java.util.function.Supplier;

/**
 * The subject of an expectation.
 *
 * @param world the world after the last step
 * @param outcome the end of that step
 * @param copy makes a copy of the world, in which an expectation may run further steps
 */
record CaseSeen(ScenarioWorld world, StepOutcome outcome, Supplier<ScenarioWorld> copy) {}
