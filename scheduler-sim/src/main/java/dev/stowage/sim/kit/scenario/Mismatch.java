package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.world.StepFailure;

/**
 * A failed expectation.
 *
 * @param expected the expectation in words
 * @param found the observation in words
 */
public record Mismatch(String expected, String found) {
  static Mismatch of(StepFailure failure) {
    return new Mismatch(failure.expected(), failure.found());
  }
}
