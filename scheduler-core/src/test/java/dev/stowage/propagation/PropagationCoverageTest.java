package dev.stowage.propagation;

import dev.stowage.model.DesignCoverage;
import java.util.List;

/** Which test names which id of the propagation design. */
class PropagationCoverageTest extends DesignCoverage {
  PropagationCoverageTest() {
    super('E', "propagation", "lifecycle", "swarm");
  }

  @Override
  protected List<Integer> sizes() {
    return List.of(11, 13, 10);
  }
}
