package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StowageConfigTest {
  @Test
  void fleet_isToldTimesInTheTicksOfTheConfiguration() {
    StowageConfig seconds =
        StowageConfig.defaults().withFleet(fleet -> fleet.drainWindow(Duration.ofMinutes(5)));
    StowageConfig tenths =
        StowageConfig.defaults()
            .withTickLength(Duration.ofMillis(100))
            .withFleet(fleet -> fleet.drainWindow(Duration.ofMinutes(5)));
    assertThat(seconds.fleet().drainWindowTicks()).isEqualTo(300);
    assertThat(tenths.fleet().drainWindowTicks()).isEqualTo(3_000);
  }

  @Test
  void fleet_keepsWhatIsNotChanged() {
    StowageConfig config =
        StowageConfig.defaults()
            .withFleet(fleet -> fleet.minReplication(3))
            .withFleet(fleet -> fleet.regrowAfter(Duration.ofHours(1)));
    assertThat(config.fleet().minReplication()).isEqualTo(3);
    assertThat(config.fleet().regrowAfterTicks()).isEqualTo(3_600);
  }

  @Test
  void fleet_withoutATickLength_isRefused() {
    StowageConfig config = StowageConfig.defaults().withTickLength(Duration.ZERO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withFleet(fleet -> fleet.minReplication(3)))
        .withMessage("a tick lasts PT0S; above zero and below 292 years is accepted");
  }
}
