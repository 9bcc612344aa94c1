package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class NanosTest {
  @Test
  void time_withinTheRange_isItsNanoseconds() {
    assertThat(Nanos.of(Duration.ZERO, "wait")).isZero();
    assertThat(Nanos.of(Duration.ofMillis(3), "wait")).isEqualTo(3_000_000);
    assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE), "wait")).isEqualTo(Long.MAX_VALUE);
  }

  @Property(seed = "1")
  void time_plusAnyDuration_neverGoesBack(
      @ForAll long time, @ForAll @LongRange(min = 0) long nanos) {
    assertThat(Nanos.plus(time, nanos)).isGreaterThanOrEqualTo(time);
  }
}
