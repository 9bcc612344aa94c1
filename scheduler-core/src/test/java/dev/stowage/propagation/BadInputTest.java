package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that bad input is refused, and changes nothing. */
class BadInputTest {
  private static final long STATE = 100;
  private static final NodeId SOURCE = new NodeId(1);
  private static final NodeId TARGET = new NodeId(2);
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  private final PropagationScheduler scheduler = PropagationScheduler.of(PropagationConfig.DEFAULT);

  BadInputTest() {
    scheduler.register(TARGET, STATE, InterestLevel.HIGH, Link.DEFAULT);
  }

  private static StateUpdate update(long bytes) {
    return StateUpdate.of(STATE, SOURCE, bytes);
  }

  @Test
  void numbers_outOfRange_areNamed() {
    assertThatIllegalArgumentException().isThrownBy(() -> update(-1)).withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new StateUpdate(STATE, SOURCE, PropagationPriority.HIGH, List.of(0L), false, 1_000_001))
        .withMessageContaining("sizes is")
        .withMessageContaining("1000001");
    assertThatIllegalArgumentException().isThrownBy(() -> new Link(-1, 100, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new Link(0, 101, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PropagationConfig.DEFAULT.withBudget(0))
        .withMessageContaining("budget_bytes_per_second is 0");
    assertThatIllegalArgumentException().isThrownBy(() -> scheduler.recordSend(TARGET, -1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> scheduler.pulled(TARGET, -1, 0));
  }

  @Test
  void unknownNodes_areNotCharged() {
    NodeId stranger = new NodeId(99);

    assertThat(scheduler.recordSend(stranger, 1, 0, 0)).isFalse();
    assertThat(scheduler.pulled(stranger, 1, 0)).isFalse();
    scheduler.remove(stranger);
    assertThat(scheduler.stats().sends()).isZero();
    assertThat(scheduler.link(stranger)).isEmpty();
  }

  @Test
  void clockThatRunsBack_isReadAsTheLatest() {
    scheduler.schedule(update(0), 10 * SECOND);
    scheduler.schedule(update(1), SECOND);

    assertThat(scheduler.due(SECOND).deliveries()).isEmpty();
    assertThat(scheduler.due(11 * SECOND).deliveries()).hasSize(1);
  }

  @Test
  void clockThatLeapsAhead_isReadAsTheLatestOnce_andBelievedIfItStays() {
    scheduler.recordSend(TARGET, 2 * PropagationConfig.DEFAULT.budgetBytesPerSecond(), 0, 0);
    scheduler.schedule(update(1), 2 * DAY);
    // the leap was an error: the budget has not been refilled by it
    for (long time : new long[] {0, 2 * DAY, SECOND}) {
      assertThat(scheduler.due(time).deliveries()).isEmpty();
    }
    assertThat(scheduler.due(SECOND + 1_000).deliveries()).hasSize(1);

    scheduler.schedule(update(1), SECOND);
    assertThat(scheduler.due(3 * DAY).deliveries()).isEmpty();
    assertThat(scheduler.due(3 * DAY + SECOND).deliveries()).hasSize(1);
  }

  @Test
  void whatWaits_atTheEndOfTime_goesOnWaiting() {
    scheduler.recordSend(
        TARGET, 5 * PropagationConfig.DEFAULT.budgetBytesPerSecond(), 0, Long.MAX_VALUE);
    scheduler.schedule(update(1), Long.MAX_VALUE);
    assertThat(scheduler.due(Long.MAX_VALUE).deliveries()).isEmpty();
    assertThat(scheduler.isWaiting(TARGET)).isTrue();
  }
}
