package dev.stowage.sim.kit.scenario;

import java.util.Optional;

/** Something that must be seen. */
interface Expectation {
  /** What is seen instead; empty if all is as expected. */
  Optional<Mismatch> judge(Witness witness);

  /** Whether the step just before may be refused: this line says how. */
  default boolean awaitsRefusal() {
    return false;
  }
}
