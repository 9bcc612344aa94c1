package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResignPolicyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static int turnsUntilItYields(ResignPolicy resignPolicy) {
    int turns = 1;
    while (!resignPolicy.failed()) {
      turns++;
    }
    return turns;
  }

  private static int turnsAside(ResignPolicy resignPolicy) {
    int turns = 0;
    while (resignPolicy.standsAside()) {
      turns++;
    }
    return turns;
  }

  @Test
  void leaderThatComesToNothing_yieldsAfterThreeLeases_forAThirdOfOne() {
    ResignPolicy resignPolicy = new ResignPolicy(SECOND.multipliedBy(30), SECOND);
    assertThat(turnsAside(resignPolicy)).isZero();
    assertThat(turnsUntilItYields(resignPolicy)).isEqualTo(91);
    assertThat(turnsAside(resignPolicy)).isEqualTo(11);
    assertThat(turnsUntilItYields(resignPolicy)).as("and again").isEqualTo(91);
  }

  @Test
  void turnThatSucceeds_beginsTheCountAnew() {
    ResignPolicy resignPolicy = new ResignPolicy(SECOND, SECOND);
    resignPolicy.failed();
    resignPolicy.failed();
    resignPolicy.succeeded();
    assertThat(turnsUntilItYields(resignPolicy)).isEqualTo(4);
  }

  @Test
  void turnsLongerThanALease_leaveOthersATurnBetweenThem() {
    ResignPolicy resignPolicy = new ResignPolicy(SECOND, Duration.ofHours(1));
    turnsUntilItYields(resignPolicy);
    assertThat(turnsAside(resignPolicy)).isEqualTo(2);
  }

  @Test
  void longestLeaseAndShortestTurn_areCountedAsFarAsNumbersGo() {
    ResignPolicy resignPolicy =
        new ResignPolicy(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(1));
    assertThat(resignPolicy.failed()).isFalse();
    assertThat(resignPolicy.standsAside()).isFalse();
  }
}
