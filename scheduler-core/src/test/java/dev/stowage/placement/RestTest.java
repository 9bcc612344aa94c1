package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Plan after plan, a fleet that nobody changes any more comes to rest, however tight it is and
 * whatever its chunks weigh: also while copies and drains take their time.
 */
class RestTest {
  @Property(seed = "1", tries = 6_000, shrinking = ShrinkingMode.OFF)
  void plans_ofATightFleet_comeToRest(@ForAll long seed) {
    assertThat(new TightFleet(seed).actionsAtLast()).as("actions of the last plan").isZero();
  }
}
