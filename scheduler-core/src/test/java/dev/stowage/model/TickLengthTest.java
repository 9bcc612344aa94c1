package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stowage.model.Tick.TickLength;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TickLengthTest {
  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

  private final TickLength tenth = TickLength.of(Duration.ofMillis(100));

  @Test
  void time_ofWholeTicks_isThatMany() {
    assertThat(tenth.ticks(Duration.ZERO, "time")).isZero();
    assertThat(tenth.ticks(Duration.ofMillis(100), "time")).isEqualTo(1);
    assertThat(tenth.ticks(Duration.ofMinutes(5), "time")).isEqualTo(3_000);
  }

  @Test
  void time_thatEndsWithinATick_isRoundedUp() {
    assertThat(tenth.ticks(Duration.ofNanos(1), "time")).isEqualTo(1);
    assertThat(tenth.ticks(Duration.ofMillis(101), "time")).isEqualTo(2);
    assertThat(TickLength.of(MOST).ticks(Duration.ofNanos(1), "time")).isEqualTo(1);
  }

  @Test
  void longestTime_isAccepted_andOneNanosecondMoreRefused() {
    assertThat(new TickLength(1).ticks(MOST, "time")).isEqualTo(Long.MAX_VALUE);
    assertThat(new TickLength(2).ticks(MOST, "time")).isEqualTo(1L << 62);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tenth.ticks(MOST.plusNanos(1), "drainWindow"))
        .withMessage(
            "drainWindow is PT2562047H47M16.854775808S;"
                + " zero to PT2562047H47M16.854775807S is accepted");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tenth.ticks(ChronoUnit.FOREVER.getDuration(), "drainWindow"));
  }

  @Test
  void time_belowZero_isRefusedByItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tenth.ticks(Duration.ofNanos(-1), "drainWindow"))
        .withMessageStartingWith("drainWindow is PT-0.000000001S; zero to ");
  }

  @Test
  void length_ofZeroBelowOrBeyond_isRefused() {
    for (Duration length :
        new Duration[] {Duration.ZERO, Duration.ofNanos(-1), MOST.plusNanos(1)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TickLength.of(length))
          .withMessageContaining(length.toString());
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new TickLength(0));
    assertThat(TickLength.of(MOST).duration()).isEqualTo(MOST);
  }

  @Property(seed = "1")
  void ticks_areTheFewestThatLastAsLong(
      @ForAll @LongRange(min = 1, max = 10_000_000_000L) long length,
      @ForAll @LongRange(min = 0, max = 100_000_000_000L) long time) {
    long ticks = new TickLength(length).ticks(Duration.ofNanos(time), "time");
    assertThat(ticks * length).isBetween(time, time + length - 1);
  }
}
