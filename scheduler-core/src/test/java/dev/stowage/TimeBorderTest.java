package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.Tick;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TimeBorderTest {
  private final TimeBorder seconds = TimeBorder.ofTickLength(Duration.ofSeconds(1));

  @Test
  void tick_isTheElapsedLengthRoundedDown() {
    assertThat(seconds.tickAt(0)).isEqualTo(Tick.of(0));
    assertThat(seconds.tickAt(999_999_999)).isEqualTo(Tick.of(0));
    assertThat(seconds.tickAt(1_000_000_000)).isEqualTo(Tick.of(1));
    assertThat(seconds.tickAt(Long.MAX_VALUE)).isEqualTo(Tick.of(9_223_372_036L));
  }

  @Test
  void moment_beforeTheEpoch_isRefused() {
    assertThatThrownBy(() -> seconds.tickAt(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void tickLength_ofZeroOrTooLong_isRefused() {
    assertThatThrownBy(() -> TimeBorder.ofTickLength(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TimeBorder.ofTickLength(Duration.ofDays(366L * 300)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nanos_beyondTheRange_saturate() {
    assertThat(seconds.nanosAt(Tick.of(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThat(seconds.nanosAt(Tick.of(9_223_372_037L))).isEqualTo(Long.MAX_VALUE);
  }

  @Property(seed = "1")
  void firstNanosecondOfATick_liesInIt(
      @ForAll @LongRange(min = 0, max = 9_000_000) long tick,
      @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long length) {
    TimeBorder border = TimeBorder.ofTickLength(Duration.ofNanos(length));
    long nanos = border.nanosAt(Tick.of(tick));
    assertThat(border.tickAt(nanos)).isEqualTo(Tick.of(tick));
    assertThat(border.tickAt(nanos + length - 1)).isEqualTo(Tick.of(tick));
    assertThat(border.tickLength()).isEqualTo(Duration.ofNanos(length));
  }
}
