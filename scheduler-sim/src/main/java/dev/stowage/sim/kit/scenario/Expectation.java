package dev.stowage.sim.kit.scenario;

import java.util.Optional;

/** Something that must be seen. */
@FunctionalInterface
interface Expectation {
  /** What is seen instead; empty if all is as expected. */
  Optional<Mismatch> judge(Witness witness);
}
