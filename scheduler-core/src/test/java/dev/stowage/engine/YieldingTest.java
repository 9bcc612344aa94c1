package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class YieldingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static int turnsUntilItYields(Yielding yielding) {
    int turns = 1;
    while (!yielding.failed()) {
      turns++;
    }
    return turns;
  }

  private static int turnsAside(Yielding yielding) {
    int turns = 0;
    while (yielding.standsAside()) {
      turns++;
    }
    return turns;
  }

  @Test
  void leaderThatComesToNothing_yieldsAfterThreeLeases_forAThirdOfOne() {
    Yielding yielding = new Yielding(SECOND.multipliedBy(30), SECOND);
    assertThat(turnsAside(yielding)).isZero();
    assertThat(turnsUntilItYields(yielding)).isEqualTo(91);
    assertThat(turnsAside(yielding)).isEqualTo(11);
    assertThat(turnsUntilItYields(yielding)).as("and again").isEqualTo(91);
  }

  @Test
  void turnThatSucceeds_beginsTheCountAnew() {
    Yielding yielding = new Yielding(SECOND, SECOND);
    yielding.failed();
    yielding.failed();
    yielding.succeeded();
    assertThat(turnsUntilItYields(yielding)).isEqualTo(4);
  }

  @Test
  void turnsLongerThanALease_leaveOthersATurnBetweenThem() {
    Yielding yielding = new Yielding(SECOND, Duration.ofHours(1));
    turnsUntilItYields(yielding);
    assertThat(turnsAside(yielding)).isEqualTo(2);
  }

  @Test
  void longestLeaseAndShortestTurn_areCountedAsFarAsNumbersGo() {
    Yielding yielding = new Yielding(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(1));
    assertThat(yielding.failed()).isFalse();
    assertThat(yielding.standsAside()).isFalse();
  }
}
