package dev.stowage.sim.kit.scenario;

import java.util.Optional;

/** Something that must be seen. */
@FunctionalInterface
interface ExpectedEvent {
  /** Returns the mismatch that is seen; empty if the expectation holds. */
  Optional<Mismatch> judge(CaseSeen witness);
}
