package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.world.StepFailure;

/**
 * What was expected, and what was found instead.
 *
 * @param expected in words
 * @param found in words
 */
public record Mismatch(String expected, String found) {
  static Mismatch of(StepFailure failure) {
    return new Mismatch(failure.expected(), failure.found());
  }
}
