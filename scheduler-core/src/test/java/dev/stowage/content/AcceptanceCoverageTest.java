package dev.stowage.content;

import dev.stowage.model.DesignCoverage;
import java.util.List;

/** Which test names which id of the content design. */
class AcceptanceCoverageTest extends DesignCoverage {
  AcceptanceCoverageTest() {
    super('A', "content", "pressure", "transfer");
  }

  @Override
  protected List<Integer> sizes() {
    return List.of(36, 24, 20);
  }
}
