package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicInteger renewals = new AtomicInteger();

  private LeaseKeeper keeper(Duration turnEvery) {
    return new LeaseKeeper(renewals::incrementAndGet, SECOND, turnEvery, SECOND.multipliedBy(60));
  }

  @Test
  void turnThatNeverEnds_losesItsLeaseInTheEnd() {
    LeaseKeeper keeper = keeper(Duration.ofMillis(1));
    for (int renewal = 1; renewal <= 110; renewal++) {
      keeper.renew();
      assertThat(keeper.isSlow()).isEqualTo(renewal > 12);
      assertThat(keeper.hasGivenUp()).isEqualTo(renewal > 60);
    }
    assertThat(renewals).hasValue(60);
    keeper.turn();
    assertThat(keeper.isSlow()).isFalse();
    keeper.renew();
    assertThat(renewals).hasValue(61);
  }

  @Test
  void pauseBetweenTurnsThatIsLongerThanTheLease_isRenewedThrough() {
    LeaseKeeper keeper = keeper(Duration.ofHours(1));
    for (int i = 0; i < 3_600; i++) {
      keeper.renew();
    }
    assertThat(renewals).hasValue(3_600);
  }

  @Test
  void renewalThatFails_isTriedAgain() {
    LeaseKeeper keeper =
        new LeaseKeeper(
            () -> {
              throw new IllegalStateException("renewal " + renewals.incrementAndGet());
            },
            SECOND,
            SECOND,
            SECOND.multipliedBy(60));
    keeper.renew();
    keeper.renew();
    assertThat(renewals).hasValue(2);
  }

  @Test
  void lease_isRenewedThreeTimesWhileItLasts_whateverIsAskedFor() {
    assertThat(LeaseKeeper.pause(Duration.ofSeconds(10), Duration.ofSeconds(6)))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(LeaseKeeper.pause(SECOND, Duration.ofSeconds(30))).isEqualTo(SECOND);
    assertThat(LeaseKeeper.pause(SECOND, Duration.ofNanos(2))).isEqualTo(Duration.ofNanos(1));
  }
}
