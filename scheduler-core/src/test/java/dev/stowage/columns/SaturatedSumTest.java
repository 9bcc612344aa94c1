package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SaturatedSumTest {
  @Test
  void sum_isExact_upToTheLargestNumber_andThatBeyondIt() {
    assertThat(SaturatedSum.of(0, 0)).isZero();
    assertThat(SaturatedSum.of(3, 4)).isEqualTo(7);
    assertThat(SaturatedSum.of(Long.MAX_VALUE - 1, 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(SaturatedSum.of(Long.MAX_VALUE, 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(SaturatedSum.of(Long.MAX_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(SaturatedSum.of(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
  }
}
