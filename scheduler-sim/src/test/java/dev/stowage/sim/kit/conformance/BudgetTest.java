package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A budget, and what is said of it from outside. */
class BudgetTest {
  private static Budget told(Map<String, String> outside) {
    return Budget.standard().withSeed(4).with(name -> Optional.ofNullable(outside.get(name)));
  }

  @Test
  void part_thatIsGivenFromOutside_isTaken_andTheOthersStay() {
    assertThat(told(Map.of())).isEqualTo(Budget.standard().withSeed(4));
    assertThat(told(Map.of("stowage.kit.walks", " 7", "stowage.kit.seed", "-9")))
        .isEqualTo(Budget.standard().withWalks(7).withSeed(-9));
    assertThat(told(Map.of("stowage.kit.chains", "0", "stowage.kit.actions", "5")))
        .isEqualTo(Budget.standard().withSeed(4).withChains(0).withActions(5));
    assertThat(told(Map.of("stowage.kit.steps", "3")).steps()).isEqualTo(3);
  }

  @Test
  void part_thatIsNoNumber_isNamed() {
    assertThatThrownBy(() -> told(Map.of("stowage.kit.walks", "many")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stowage.kit.walks is \"many\", which is not a whole number");
    assertThatThrownBy(() -> told(Map.of("stowage.kit.steps", "3000000000")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stowage.kit.steps is 3000000000, at most 2147483647");
  }

  @Test
  void parts_belowTheirLeast_areAllNamed() {
    assertThatThrownBy(() -> new Budget(-1, 0, -1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("chains is -1", "actions is 0", "walks is -1", "steps is 0");
  }
}
