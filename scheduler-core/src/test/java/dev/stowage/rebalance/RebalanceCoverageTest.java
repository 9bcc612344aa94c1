package dev.stowage.rebalance;

import dev.stowage.model.DesignCoverage;
import java.util.List;

/** Which test names which id of the rebalance design. */
class RebalanceCoverageTest extends DesignCoverage {
  RebalanceCoverageTest() {
    super('M', "rebalance", "engine");
  }

  @Override
  protected List<Integer> sizes() {
    return List.of(25, 13, 12);
  }
}
