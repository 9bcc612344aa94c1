package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How far columns grow. */
class GrowthTest {
  @Test
  void growth_isByAnEighth_atLeastSixteen_andEndsBelowTheLargestArray() {
    assertThat(Growth.next(0)).isEqualTo(16);
    assertThat(Growth.next(128)).isEqualTo(144);
    assertThat(Growth.next(136)).isEqualTo(153);
    assertThat(Growth.next(800)).isEqualTo(900);
    assertThat(Growth.next(Integer.MAX_VALUE - 9)).isEqualTo(Integer.MAX_VALUE - 8);
  }
}
