package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifecycleConfigTest {
  private static final Duration TICK = Duration.ofMillis(250);

  @Test
  void everyTime_isStoredAsTicks() {
    LifecycleConfig config =
        LifecycleConfig.builder(TICK)
            .drainWindow(Duration.ofSeconds(10))
            .suspectAfter(Duration.ofSeconds(20))
            .departAfter(Duration.ofSeconds(30))
            .regrowAfter(Duration.ofSeconds(40))
            .giveUpAfter(Duration.ofSeconds(60))
            .lineagePause(Duration.ofSeconds(50))
            .orphanAfter(Duration.ofSeconds(70))
            .retention(Duration.ofSeconds(80))
            .build();
    assertThat(config)
        .isEqualTo(
            LifecycleConfig.builder()
                .drainWindowTicks(40)
                .suspectAfterTicks(80)
                .departAfterTicks(120)
                .regrowAfterTicks(160)
                .giveUpAfterTicks(240)
                .lineagePauseTicks(200)
                .orphanAfterTicks(280)
                .retention(RetentionHorizons.ofTicks(320))
                .build());
  }

  @Test
  void time_thatEndsWithinATick_isNotCutShort() {
    LifecycleConfig config =
        LifecycleConfig.builder(TICK).drainWindow(Duration.ofMillis(251)).build();
    assertThat(config.drainWindowTicks()).isEqualTo(2);
  }

  @Test
  void time_withoutALengthOfATick_isRefusedByItsName() {
    assertThatIllegalStateException()
        .isThrownBy(() -> LifecycleConfig.builder().drainWindow(Duration.ofMinutes(5)))
        .withMessageStartingWith("drain_window is PT5M");
    assertThatIllegalStateException()
        .isThrownBy(() -> LifecycleConfig.defaults().toBuilder().suspectAfter(TICK))
        .withMessageStartingWith("suspect_after is PT0.25S");
  }

  @Test
  void time_belowZero_isRefusedByItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LifecycleConfig.builder(TICK).orphanAfter(Duration.ofSeconds(-1)))
        .withMessageStartingWith("orphan_after is PT-1S");
  }

  @Test
  void time_thatBreaksABound_isRefusedAtTheEnd() {
    LifecycleConfig.Builder builder =
        LifecycleConfig.builder(TICK)
            .suspectAfter(Duration.ofSeconds(2))
            .departAfter(Duration.ofSeconds(1));
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessage(
            "config: depart_after_ticks is 4; more than suspect_after_ticks, 8, is accepted");
  }

  @Test
  void builderOfAConfiguration_keepsWhatIsNotSet() {
    LifecycleConfig before = LifecycleConfig.builder().minReplication(5).build();
    LifecycleConfig after = before.toBuilder(TICK).regrowAfter(Duration.ZERO).build();
    assertThat(after).isEqualTo(before.toBuilder().regrowAfterTicks(0).build());
  }
}
