package dev.stowage.sim.kit.scenario;

import java.util.function.Supplier;

/**
 * What an expectation may look at.
 *
 * @param world the world after the step just before
 * @param outcome how that step ended
 * @param copy makes a copy of the world, in which things may happen that have not happened
 */
record Witness(ScenarioWorld world, StepOutcome outcome, Supplier<ScenarioWorld> copy) {}
