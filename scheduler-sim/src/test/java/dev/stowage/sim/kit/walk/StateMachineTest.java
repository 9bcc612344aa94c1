package dev.stowage.sim.kit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.Story;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Chains of deeds in memory, beside a second fleet and the reference model. */
class StateMachineTest {
  private static final StateMachine MACHINE =
      new StateMachine(List.of(WalkModel.values()), WalkBackend.memoryAnd(Story.MEMORY), 60);

  @Provide
  Arbitrary<StateMachine.Chain> chains() {
    return MACHINE.chains();
  }

  @Property(seed = "1")
  void chain_findsNothing(@ForAll("chains") StateMachine.Chain chain) {
    MACHINE.tell(chain);
  }

  @AfterContainer
  static void chains_meetTheHardCases() {
    assertThat(MACHINE.shortages()).isEmpty();
  }
}
