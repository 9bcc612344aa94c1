package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The acceptance rows of the propagation design, as they stand there. */
class AcceptanceTest {
  private static final long MS = 1_000_000L;
  private static final long STATE = 100;

  private final PropagationScheduler scheduler = PropagationScheduler.of(PropagationConfig.DEFAULT);

  private static NodeId node(long value) {
    return new NodeId(value);
  }

  @Test
  void interest_isCountedAndReturned() {
    scheduler.register(node(1), STATE, InterestLevel.HIGH, Link.DEFAULT);
    scheduler.register(node(2), STATE, InterestLevel.MEDIUM, Link.DEFAULT);

    assertThat(scheduler.interestedNodes(STATE)).containsExactly(node(1), node(2));
    assertThat(scheduler.interest(node(1))).isEqualTo(InterestLevel.HIGH);
    assertThat(scheduler.interest(node(2))).isEqualTo(InterestLevel.MEDIUM);
    assertThat(scheduler.interest(node(3))).isEqualTo(InterestLevel.NONE);
  }

  @Test
  void schedule_decidesForEveryInterestedNode() {
    scheduler.register(node(2), STATE, InterestLevel.HIGH, Link.DEFAULT);
    scheduler.register(node(3), STATE, InterestLevel.LOW, Link.DEFAULT);

    PropagationPlan plan = scheduler.schedule(StateUpdate.of(STATE, node(1), 0), 0);

    assertThat(plan.decisions()).hasSize(2);
    PropagationDecision first = plan.decisions().get(0);
    assertThat(first.target()).isEqualTo(node(2));
    assertThat(first.priority()).isEqualTo(PropagationPriority.HIGH);
    assertThat(first.shouldSend()).isTrue();
    assertThat(first.delayNanos()).isEqualTo(10 * MS);
    PropagationDecision second = plan.decisions().get(1);
    assertThat(second.reason()).isEqualTo(PropagationReason.NOT_MAJOR);
  }

  @Test
  void stats_ofThreeSends_haveTheirSumPeakAndMean() {
    scheduler.register(node(2), STATE, InterestLevel.HIGH, Link.DEFAULT);

    for (long latency : new long[] {50, 100, 75}) {
      assertThat(scheduler.recordSend(node(2), 1_000, latency * MS, 0)).isTrue();
    }

    PropagationStats stats = scheduler.stats();
    assertThat(stats.sends()).isEqualTo(3);
    assertThat(stats.bytes()).isEqualTo(3_000);
    assertThat(stats.peakLatencyNanos()).isEqualTo(100 * MS);
    assertThat(stats.averageLatencyMillis()).isCloseTo(75.0, within(1e-9));
  }

  @Test
  void star_withThreeLeaves_leadsToThem() {
    RelayTree star = new RelayTree(node(1), Integer.MAX_VALUE);
    List.of(node(4), node(3), node(2)).forEach(star::add);

    assertThat(star.children(node(1))).containsExactly(node(2), node(3), node(4));
    assertThat(star.parent(node(3))).contains(node(1));
  }
}
