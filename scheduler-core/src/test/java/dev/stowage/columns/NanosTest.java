package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {
  @Test
  void time_withinTheRange_isItsNanoseconds() {
    assertThat(Nanos.of(Duration.ZERO, "wait")).isZero();
    assertThat(Nanos.of(Duration.ofMillis(3), "wait")).isEqualTo(3_000_000);
    assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE), "wait")).isEqualTo(Long.MAX_VALUE);
  }
}
