package dev.stowage.sim.filestore;

import dev.stowage.sim.kit.conformance.Check;
import dev.stowage.sim.kit.conformance.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Scenario files and walks on files, beside memory and the reference model. More walks: {@code
 * -Dkit.walks=100 -Dkit.seed=1000}.
 */
class FileConformanceTest {
  private final Conformance kit = Conformance.of(FolderFixture::fresh);

  @TestFactory
  Stream<DynamicTest> scenario_holds() {
    return kit.scenarios().stream().map(FileConformanceTest::test);
  }

  @TestFactory
  Stream<DynamicTest> walks_findNothing() {
    long walks = Long.getLong("kit.walks", 1);
    long seed = Long.getLong("kit.seed", 3);
    return kit.walks(walks, 200, seed).stream().map(FileConformanceTest::test);
  }

  private static DynamicTest test(Check check) {
    return DynamicTest.dynamicTest(
        check.name(),
        () -> {
          Assumptions.assumeTrue(check.obstacle().isEmpty(), () -> check.obstacle().orElse(""));
          check.run();
        });
  }
}
