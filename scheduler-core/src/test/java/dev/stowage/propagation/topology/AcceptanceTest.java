package dev.stowage.propagation.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationDecision;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.PropagationStats;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The acceptance rows of the propagation design, as they stand there. */
class AcceptanceTest {
  private static final long MS = 1_000_000L;
  private static final StateId STATE = StateId.of(100);

  private static NodeId node(long value) {
    return NodeId.of(value);
  }

  @Test
  void interest_isCountedAndReturned() {
    InterestMap interests = new InterestMap();
    interests.register(node(1), STATE, InterestLevel.HIGH);
    interests.register(node(2), STATE, InterestLevel.MEDIUM);

    assertThat(interests.interestCount(STATE)).isEqualTo(2);
    assertThat(interests.interest(node(1), STATE)).isEqualTo(InterestLevel.HIGH);
    assertThat(interests.interest(node(2), STATE)).isEqualTo(InterestLevel.MEDIUM);
    assertThat(interests.interest(node(3), STATE)).isEqualTo(InterestLevel.NONE);
  }

  @Test
  void schedule_withoutEdges_decidesForEveryInterestedNode() {
    InterestMap interests = new InterestMap();
    interests.register(node(2), STATE, InterestLevel.HIGH);
    interests.register(node(3), STATE, InterestLevel.LOW);
    EdgeTopology topology = new EdgeTopology();
    List.of(node(1), node(2), node(3)).forEach(topology::add);
    PropagationScheduler scheduler = PropagationScheduler.of(interests, topology);

    PropagationPlan.Planned plan =
        (PropagationPlan.Planned) scheduler.schedule(StateUpdate.of(STATE, node(1), 1), 0);

    assertThat(plan.decisions()).hasSize(2);
    PropagationDecision first = plan.decisions().get(0);
    assertThat(first.target()).isEqualTo(node(2));
    assertThat(first.priority()).isEqualTo(PropagationPriority.HIGH);
    assertThat(first.shouldSend()).isTrue();
    assertThat(first.delayMillis()).isEqualTo(10);
    PropagationDecision second = plan.decisions().get(1);
    assertThat(second.reason()).isEqualTo(PropagationReason.NOT_MAJOR);
  }

  @Test
  void stats_ofThreeSends_haveTheirSumPeakAndMean() {
    InterestMap interests = new InterestMap();
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = PropagationScheduler.of(interests, new EdgeTopology());

    for (long latency : new long[] {50, 100, 75}) {
      assertThat(scheduler.recordSend(node(2), 1_000, latency * MS, 0)).isTrue();
    }

    PropagationStats stats = scheduler.stats();
    assertThat(stats.sends()).isEqualTo(3);
    assertThat(stats.bytes()).isEqualTo(3_000);
    assertThat(stats.peakLatencyNanos()).isEqualTo(100 * MS);
    assertThat(stats.averageLatencyMillis()).isCloseTo(75.0, within(1e-9));
    assertThat(stats.latencies().total()).isEqualTo(3);
    assertThat(stats.latencies().atMostNanos(100)).isBetween(100 * MS, 200 * MS);
  }

  @Test
  void star_withThreeLeaves_leadsToThem() {
    StarTopology star = new StarTopology(node(1));
    List.of(node(4), node(3), node(2)).forEach(star::add);

    assertThat(star.leafCount()).isEqualTo(3);
    assertThat(star.downstream(star.centre())).containsExactly(node(2), node(3), node(4));
    assertThat(star.upstream(node(3))).containsExactly(node(1));
    assertThat(star.edgeCount()).isEqualTo(3);
  }
}
