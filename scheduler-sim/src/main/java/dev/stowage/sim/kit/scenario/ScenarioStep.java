package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.world.StepFailure;

/** A step of a scenario. */
interface ScenarioStep {
  /**
   * Lets it happen.
   *
   * @throws StepFailure if the story cannot go on
   */
  StepOutcome run(ScenarioWorld world);
}
