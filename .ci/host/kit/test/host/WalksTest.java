package host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.conformance.Check;
import dev.stowage.sim.kit.conformance.Conformance;
import org.junit.jupiter.api.Test;

class WalksTest {
  private final Conformance kit = Conformance.of(OwnFixture::fresh);

  @Test
  void walks_findNothing() {
    kit.walks(1, 100, 3).forEach(Check::run);
  }

  @Test
  void scenarios_areFound() {
    assertThat(kit.scenarios()).hasSizeGreaterThan(50);
  }
}
