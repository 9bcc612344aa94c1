package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The bounds of a budget. */
class BudgetTest {
  @Test
  void parts_belowTheirLeast_areAllNamed() {
    assertThatThrownBy(() -> new Budget(-1, 0, -1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("chains is -1", "actions is 0", "walks is -1", "steps is 0");
  }
}
