package dev.stowage.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {
  @Test
  void time_withinTheRange_isItsNanoseconds() {
    assertThat(Nanos.of(Duration.ZERO, "wait")).isZero();
    assertThat(Nanos.of(Duration.ofMillis(3), "wait")).isEqualTo(3_000_000);
    assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE), "wait")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void time_outsideOfTheRange_isRefusedByItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Nanos.of(Duration.ofNanos(-1), "wait"))
        .withMessageStartingWith("wait is PT-0.000000001S; zero to ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Nanos.of(Duration.ofNanos(Long.MAX_VALUE).plusNanos(1), "wait"));
  }

  @Test
  void policy_isToldHowLongASnapshotIsBelieved() {
    PressurePolicy policy = PressurePolicy.DEFAULT.withStaleAfter(Duration.ofSeconds(7));
    assertThat(policy.staleAfterNanos()).isEqualTo(7 * Nanos.PER_SECOND);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> policy.withStaleAfter(Duration.ofSeconds(-1)))
        .withMessageStartingWith("staleAfter is PT-1S");
  }
}
