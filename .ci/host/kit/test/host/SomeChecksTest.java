package host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.conformance.Check;
import dev.stowage.sim.kit.conformance.Conformance;
import java.util.List;
import org.junit.jupiter.api.Test;

class SomeChecksTest {
  private final Conformance kit = Conformance.of(OwnUnderTest::fresh);

  @Test
  void scenarios_areFound_andSomeHold() {
    List<Check> scenarios = kit.scenarios();
    assertThat(scenarios).hasSizeGreaterThan(50);
    scenarios.stream().limit(10).filter(check -> check.obstacle().isEmpty()).forEach(Check::run);
  }

  @Test
  void walks_findNothing() {
    kit.walks(1, 50, 3).forEach(Check::run);
  }
}
