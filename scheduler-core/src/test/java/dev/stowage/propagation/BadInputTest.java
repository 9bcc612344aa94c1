package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap.InterestAnswer;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.StateUpdate.StateTime;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import org.junit.jupiter.api.Test;

/** Tests that bad input is answered with a reason, counted, and changes nothing. */
class BadInputTest {
  private static final StateId STATE = StateId.of(100);
  private static final NodeId SOURCE = NodeId.of(1);
  private static final NodeId TARGET = NodeId.of(2);
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  private final InterestMap interests = new InterestMap();
  private final EdgeTopology topology = new EdgeTopology();

  private PropagationScheduler scheduler() {
    topology.add(SOURCE);
    topology.add(TARGET);
    interests.register(TARGET, STATE, InterestLevel.HIGH);
    return PropagationScheduler.of(interests, topology);
  }

  private static StateUpdate update(long sequence) {
    return StateUpdate.of(STATE, SOURCE, sequence);
  }

  @Test
  void edges_thatMakeNoSense_areRefusedAndCounted() {
    assertThat(topology.add(SOURCE)).isEqualTo(TopologyAnswer.DONE);
    assertThat(topology.add(SOURCE)).isEqualTo(TopologyAnswer.ALREADY_THERE);
    topology.add(TARGET);
    assertThat(topology.connect(PropagationEdge.of(SOURCE, SOURCE)))
        .isEqualTo(TopologyAnswer.SELF_EDGE);
    assertThat(topology.connect(PropagationEdge.of(SOURCE, NodeId.of(9))))
        .isEqualTo(TopologyAnswer.UNKNOWN_NODE);
    assertThat(topology.connect(PropagationEdge.of(SOURCE, TARGET))).isEqualTo(TopologyAnswer.DONE);
    assertThat(topology.connect(PropagationEdge.of(SOURCE, TARGET)))
        .isEqualTo(TopologyAnswer.ALREADY_THERE);
    assertThat(topology.edgeCount()).isEqualTo(1);
    assertThat(topology.disconnect(TARGET, SOURCE)).isEqualTo(TopologyAnswer.UNKNOWN_EDGE);
    assertThat(topology.remove(NodeId.of(9))).isEqualTo(TopologyAnswer.UNKNOWN_NODE);
    assertThat(topology.answered(TopologyAnswer.UNKNOWN_NODE)).isEqualTo(2);
    assertThat(topology.answered(TopologyAnswer.SELF_EDGE)).isEqualTo(1);
    assertThat(topology.remove(TARGET)).isEqualTo(TopologyAnswer.DONE);
    assertThat(topology.edgeCount()).isZero();
    assertThat(topology.downstream(SOURCE)).isEmpty();
  }

  @Test
  void hubs_stay_andAreAddedOnce() {
    StarTopology star = new StarTopology(SOURCE);
    assertThat(star.add(SOURCE)).isEqualTo(TopologyAnswer.ALREADY_THERE);
    assertThat(star.remove(SOURCE)).isEqualTo(TopologyAnswer.IS_HUB);
    assertThat(star.link(SOURCE, Link.DEFAULT)).isEqualTo(TopologyAnswer.IS_HUB);
    assertThat(star.link(TARGET, Link.DEFAULT)).isEqualTo(TopologyAnswer.UNKNOWN_NODE);
    star.add(TARGET);
    star.add(TARGET);
    assertThat(star.leafCount()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new TreeTopology(SOURCE, 1));
  }

  @Test
  void numbers_outOfRange_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> update(1).withBytes(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> update(1).withSignificance(1_000_001));
    assertThatIllegalArgumentException().isThrownBy(() -> new Link(-1, 100, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new Link(0, 101, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PropagationConfig.DEFAULT.withBudget(0))
        .withMessageContaining("budget_bytes_per_second is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InterestDeclaration(TARGET, STATE, InterestLevel.HIGH, 0, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> StateTime.ofMillis(Long.MAX_VALUE));
    assertThat(StateTime.ofMillis(-1).toMillis()).isEqualTo(-1);
    PropagationScheduler scheduler = scheduler();
    assertThatIllegalArgumentException().isThrownBy(() -> scheduler.recordSend(TARGET, -1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> scheduler.pulled(TARGET, STATE, -1, 0));
  }

  @Test
  void unknownNodes_areCounted_andNothingIsRememberedOfThem() {
    PropagationScheduler scheduler = scheduler();
    NodeId stranger = NodeId.of(99);

    assertThat(scheduler.recordSend(stranger, 1, 0, 0)).isFalse();
    assertThat(scheduler.pulled(stranger, STATE, 1, 0)).isFalse();
    assertThat(scheduler.lost(stranger, STATE)).isFalse();
    assertThat(scheduler.stats().unknownNodes()).isEqualTo(3);
    assertThat(scheduler.stats().sends()).isZero();
    assertThat(scheduler.targetCount()).isEqualTo(1);
    assertThat(interests.unregister(stranger, STATE)).isEqualTo(InterestAnswer.UNKNOWN);
    assertThat(interests.register(stranger, STATE, InterestLevel.NONE))
        .isEqualTo(InterestAnswer.UNKNOWN);
  }

  @Test
  void declarations_thatComeTooLateOrTooEarly_areRefused() {
    InterestLevel high = InterestLevel.HIGH;
    long now = 100 * SECOND;
    assertThat(interests.register(new InterestDeclaration(TARGET, STATE, high, 0, 5), now))
        .isEqualTo(InterestAnswer.EXPIRED);
    assertThat(
            interests.register(
                new InterestDeclaration(TARGET, STATE, high, now + 6 * SECOND, 5), now))
        .isEqualTo(InterestAnswer.FROM_THE_FUTURE);
    assertThat(
            interests.register(new InterestDeclaration(TARGET, STATE, high, now, 5), now + 2 * DAY))
        .isEqualTo(InterestAnswer.CLOCK_AHEAD);
    assertThat(interests.size()).isZero();
    assertThat(interests.register(new InterestDeclaration(TARGET, STATE, high, now, 5), now))
        .isEqualTo(InterestAnswer.REGISTERED);
    assertThat(interests.register(TARGET, STATE, high)).isEqualTo(InterestAnswer.REPLACED);
    assertThat(interests.expire(now + SECOND)).isEmpty();
    assertThat(interests.answered(InterestAnswer.EXPIRED)).isEqualTo(1);
  }

  @Test
  void clockThatRunsBack_isReadAsTheLatest_andCounted() {
    PropagationScheduler scheduler = scheduler();
    scheduler.schedule(update(1), 10 * SECOND);
    scheduler.schedule(update(2).withBytes(1), SECOND);

    assertThat(scheduler.due(SECOND).deliveries()).isEmpty();
    assertThat(scheduler.due(11 * SECOND).deliveries()).hasSize(1);
    assertThat(scheduler.stats().clockBack()).isEqualTo(2);
  }

  @Test
  void clockThatLeapsAhead_isRefusedOnce_andBelievedIfItStays() {
    PropagationScheduler scheduler = scheduler();
    scheduler.schedule(update(1), 0);
    scheduler.recordSend(TARGET, PropagationConfig.DEFAULT.budgetBytesPerSecond(), 0, 0);

    PropagationPlan leap = scheduler.schedule(update(2), 2 * DAY);
    assertThat(((PropagationPlan.Refused) leap).reason()).isEqualTo(PropagationReason.CLOCK_AHEAD);
    assertThat(scheduler.version(STATE)).isEqualTo(1);
    // the leap was an error: the budget has not been refilled by it
    assertThat(scheduler.hasBandwidth(TARGET, 1, 0)).isFalse();
    assertThat(scheduler.schedule(update(2), SECOND)).isInstanceOf(PropagationPlan.Planned.class);
    Outgoing doubted = scheduler.due(3 * DAY);
    assertThat(doubted.clock()).isEqualTo(ClockVerdict.AHEAD);
    assertThat(doubted.deliveries()).isEmpty();
    Outgoing believed = scheduler.due(3 * DAY + SECOND);
    assertThat(believed.clock()).isEqualTo(ClockVerdict.STEADY);
    assertThat(believed.deliveries()).hasSize(1);
    assertThat(scheduler.stats().clockAhead()).isEqualTo(2);
  }

  @Test
  void whatWaits_atTheEndOfTime_goesOnWaiting() {
    PropagationScheduler scheduler = scheduler();
    scheduler.recordSend(
        TARGET, 5 * PropagationConfig.DEFAULT.budgetBytesPerSecond(), 0, Long.MAX_VALUE);
    scheduler.schedule(update(1).withBytes(1), Long.MAX_VALUE);
    assertThat(scheduler.due(Long.MAX_VALUE).deliveries()).isEmpty();
    assertThat(scheduler.isWaiting(TARGET, STATE)).isTrue();
    interests.removeNode(TARGET);
    assertThat(scheduler.due(Long.MAX_VALUE).deliveries()).isEmpty();
    assertThat(scheduler.targetCount()).as("it owes, and is not forgotten").isEqualTo(1);
  }

  @Test
  void budget_isNotAskedForLessThanNothing() {
    PropagationScheduler scheduler = scheduler();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheduler.hasBandwidth(TARGET, -1, 0))
        .withMessageContaining("-1");
    assertThat(scheduler.hasBandwidth(TARGET, Long.MAX_VALUE, 0)).isFalse();
    assertThat(scheduler.hasBandwidth(TARGET, 0, 0)).isTrue();
  }

  @Test
  void whatCameBeforeTheFirst_closesNoGap() {
    PropagationScheduler scheduler = scheduler();
    scheduler.schedule(update(10), 0);
    scheduler.schedule(update(20), 0);
    assertThat(scheduler.stats().sequenceGaps()).isEqualTo(9);
    scheduler.schedule(update(5), 0);
    assertThat(scheduler.stats().sequenceGaps()).isEqualTo(9);
    scheduler.schedule(update(11), 0);
    assertThat(scheduler.stats().sequenceGaps()).isEqualTo(8);
  }

  @Test
  void partsOfAScheduler_belongToItAlone() {
    scheduler();
    assertThatThrownBy(() -> PropagationScheduler.of(interests, new EdgeTopology()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> PropagationScheduler.of(new InterestMap(), topology))
        .isInstanceOf(IllegalStateException.class);
  }
}
