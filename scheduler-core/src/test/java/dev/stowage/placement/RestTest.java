package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plan after plan, a fleet that nobody changes any more comes to rest, however tight it is and
 * whatever its chunks weigh: also while copies and drains take their time.
 */
class RestTest {
  @Property(seed = "1", tries = 1_500, shrinking = ShrinkingMode.OFF)
  void plans_ofATightFleet_comeToRest(@ForAll long seed) {
    assertThat(new TightFleet(seed).actionsAtLast()).as("actions of the last plan").isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {3718385298566986145L})
  void plans_ofAFleetThatOnceNeverRested_comeToRest(long seed) {
    plans_ofATightFleet_comeToRest(seed);
  }
}
