package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationStats.LatencyHistogram;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.StarTopology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests the decisions of the scheduler, rule by rule. */
class DecisionsTest {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1_000 * MS;
  private static final StateId STATE = StateId.of(100);
  private static final NodeId SOURCE = NodeId.of(1);

  private final InterestMap interests = new InterestMap();
  private final EdgeTopology topology = new EdgeTopology();

  DecisionsTest() {
    LongStream.rangeClosed(1, 9).forEach(node -> topology.add(NodeId.of(node)));
  }

  private static NodeId node(long value) {
    return NodeId.of(value);
  }

  private PropagationScheduler scheduler(long budget) {
    return PropagationScheduler.builder(interests, topology)
        .config(PropagationConfig.DEFAULT.withBudget(budget))
        .build();
  }

  private static StateUpdate update(long sequence) {
    return StateUpdate.of(STATE, SOURCE, sequence);
  }

  private static PropagationPlan.Planned planned(PropagationPlan plan) {
    assertThat(plan).isInstanceOf(PropagationPlan.Planned.class);
    return (PropagationPlan.Planned) plan;
  }

  private static PropagationReason refused(PropagationPlan plan) {
    assertThat(plan).isInstanceOf(PropagationPlan.Refused.class);
    return ((PropagationPlan.Refused) plan).reason();
  }

  @Test
  void levels_giveUrgencyDelayAndQuality() {
    InterestLevel[] levels = InterestLevel.values();
    for (int i = 1; i < levels.length; i++) {
      interests.register(node(1 + i), STATE, levels[i]);
    }

    var plan = planned(scheduler(1_000).schedule(update(1).asKeyframe(), 0));

    assertThat(plan.decisions())
        .extracting(
            PropagationDecision::priority,
            PropagationDecision::delayMillis,
            PropagationDecision::quality)
        .containsExactly(
            tuple(PropagationPriority.URGENT, 0L, 0),
            tuple(PropagationPriority.HIGH, 10L, 0),
            tuple(PropagationPriority.NORMAL, 50L, 1),
            tuple(PropagationPriority.BACKGROUND, 200L, 2));
  }

  @Test
  void order_isByUrgencyDelayPathAndUnsignedId_inAThousandRuns() {
    List<NodeId> first = null;
    for (int run = 0; run < 1_000; run++) {
      List<NodeId> order = orderOf(run);
      first = first == null ? order : first;
      assertThat(order).isEqualTo(first);
    }
    assertThat(first)
        .containsExactly(node(7), node(3), node(5), node(Long.MIN_VALUE), node(-1), node(4));
  }

  /** Returns the order of fixed nodes that are added in another order in every run. */
  private static List<NodeId> orderOf(int run) {
    InterestMap interests = new InterestMap();
    StarTopology star = new StarTopology(SOURCE);
    List<Long> nodes = new ArrayList<>(List.of(-1L, Long.MIN_VALUE, 3L, 4L, 5L, 7L));
    Collections.shuffle(nodes, new Random(run));
    for (long node : nodes) {
      star.add(node(node), Link.DEFAULT.withLatency(node == 3 ? MS : 9 * MS));
      InterestLevel level =
          node == 7 ? InterestLevel.CRITICAL : node == 4 ? InterestLevel.LOW : InterestLevel.HIGH;
      interests.register(node(node), STATE, level);
    }
    return planned(PropagationScheduler.of(interests, star).schedule(update(1), 0))
        .decisions()
        .stream()
        .map(PropagationDecision::target)
        .toList();
  }

  @Test
  void priorityOfAnUpdate_movesThatOfTheInterest_withinTheRange() {
    for (PropagationPriority update : PropagationPriority.values()) {
      for (InterestLevel level : InterestLevel.values()) {
        int moved = level.priority().ordinal() + update.ordinal() - 1;
        assertThat(level.priority().movedBy(update).ordinal())
            .isEqualTo(Math.max(0, Math.min(3, moved)));
      }
    }
    interests.register(node(2), STATE, InterestLevel.MEDIUM);
    StateUpdate urgent = update(1).withPriority(PropagationPriority.URGENT);
    assertThat(planned(scheduler(1).schedule(urgent, 0)).decisions().get(0).priority())
        .isEqualTo(PropagationPriority.URGENT);
  }

  @Test
  void lowInterest_isSentKeyframesAndWhatIsSignificantEnough() {
    interests.register(node(2), STATE, InterestLevel.LOW);
    PropagationScheduler scheduler = scheduler(1_000);
    int major = PropagationConfig.DEFAULT.majorFrom();

    assertThat(reason(scheduler, update(1))).isEqualTo(PropagationReason.NOT_MAJOR);
    assertThat(reason(scheduler, update(2).withSignificance(major - 1)))
        .isEqualTo(PropagationReason.NOT_MAJOR);
    assertThat(reason(scheduler, update(3).withSignificance(major)))
        .isEqualTo(PropagationReason.SENT);
    assertThat(reason(scheduler, update(4).asKeyframe())).isEqualTo(PropagationReason.SENT);
    Delivery delivery = scheduler.due(SECOND).deliveries().get(0);
    assertThat(delivery.fromVersion()).hasValue(0);
    assertThat(delivery.toVersion()).isEqualTo(4);
    assertThat(scheduler.stats().notSent(PropagationReason.NOT_MAJOR)).isEqualTo(2);
  }

  private static PropagationReason reason(PropagationScheduler scheduler, StateUpdate update) {
    return planned(scheduler.schedule(update, 0)).decisions().get(0).reason();
  }

  @Test
  void everyNegativeDecision_saysWhy() {
    interests.register(SOURCE, STATE, InterestLevel.HIGH);
    interests.register(node(2), STATE, InterestLevel.LOW);
    interests.register(node(77), STATE, InterestLevel.HIGH);
    interests.register(new InterestDeclaration(node(3), STATE, InterestLevel.HIGH, 0, 5), 0);
    PropagationScheduler scheduler = scheduler(1_000);

    var plan = planned(scheduler.schedule(update(1), 6));

    assertThat(plan.decisions())
        .extracting(PropagationDecision::target, PropagationDecision::reason)
        .containsExactlyInAnyOrder(
            tuple(SOURCE, PropagationReason.SOURCE),
            tuple(node(2), PropagationReason.NOT_MAJOR),
            tuple(node(77), PropagationReason.UNREACHABLE),
            tuple(node(3), PropagationReason.EXPIRED));
    assertThat(plan.sends()).isEmpty();
  }

  @Test
  void overBudget_waits_andGoesWhenTheBudgetIsThere() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.recordSend(node(2), 1_000, 0, 0);

    var decision = planned(scheduler.schedule(update(1).withBytes(500), 0)).decisions().get(0);

    assertThat(decision.delayNanos()).isEqualTo(500 * MS);
    assertThat(scheduler.hasBandwidth(node(2), 1, 0)).isFalse();
    assertThat(scheduler.due(500 * MS - 1).deliveries()).isEmpty();
    assertThat(scheduler.nextDueAt()).hasValue(500 * MS);
    assertThat(scheduler.due(500 * MS).deliveries()).hasSize(1);
    assertThat(scheduler.hasBandwidth(node(2), 500, SECOND)).isTrue();
    assertThat(scheduler.hasBandwidth(node(2), 501, SECOND)).isFalse();
  }

  @Test
  void urgent_mayBorrowOneBurst_andNoMore() {
    interests.register(node(2), STATE, InterestLevel.CRITICAL);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.recordSend(node(2), 1_000, 0, 0);

    scheduler.schedule(update(1).withBytes(1_000), 0);
    assertThat(scheduler.due(0).deliveries()).hasSize(1);
    scheduler.schedule(update(2).withBytes(1), 0);
    assertThat(scheduler.due(0).deliveries()).isEmpty();
    assertThat(scheduler.due(MS).deliveries()).hasSize(1);
  }

  @Test
  void background_isDroppedBeyondTwoSeconds_andCounted() {
    interests.register(node(2), STATE, InterestLevel.LOW);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.recordSend(node(2), 2_000, 0, 0);

    assertThat(reason(scheduler, update(1).asKeyframe().withBytes(1_000)))
        .isEqualTo(PropagationReason.SENT);
    assertThat(reason(scheduler, update(2).asKeyframe().withBytes(1_000).withSignificance(1)))
        .isEqualTo(PropagationReason.SENT);
    scheduler.recordSend(node(2), 1, 0, 0);
    var plan = planned(scheduler.schedule(update(3).asKeyframe().withBytes(1_000), 0));
    assertThat(plan.decisions().get(0).reason()).isEqualTo(PropagationReason.BUDGET);
    assertThat(plan.superseded()).hasSize(1);
    assertThat(scheduler.isWaiting(node(2), STATE)).isFalse();
    assertThat(scheduler.stats().notSent(PropagationReason.BUDGET)).isEqualTo(1);
    assertThat(scheduler.stats().notSent(PropagationReason.SUPERSEDED)).isEqualTo(2);
  }

  @Test
  void waitingUpdate_isSuperseded_andTheNewerBeginsWhereItBegan() {
    interests.register(node(2), STATE, InterestLevel.MEDIUM);
    PropagationScheduler scheduler = scheduler(1_000);

    planned(scheduler.schedule(update(1).asKeyframe(), 0));
    var second = planned(scheduler.schedule(update(2), 40 * MS));

    assertThat(second.superseded())
        .extracting(PropagationDecision::reason)
        .containsExactly(PropagationReason.SUPERSEDED);
    // it goes when the older would have gone: a stream of updates starves nobody
    assertThat(second.decisions().get(0).delayMillis()).isEqualTo(10);
    List<Delivery> out = scheduler.due(50 * MS).deliveries();
    assertThat(out).hasSize(1);
    assertThat(out.get(0).fromVersion()).hasValue(0);
    assertThat(out.get(0).toVersion()).isEqualTo(2);
    assertThat(out.get(0).update().sequence()).isEqualTo(2);
    assertThat(out.get(0).keyframe()).isTrue();
  }

  @Test
  void largerThanTheBurst_waitsForAFullBucket_andLeavesADebt() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.recordSend(node(2), 1, 0, 0);

    scheduler.schedule(update(1).withBytes(3_000), 0);
    assertThat(scheduler.nextDueAt()).hasValue(10 * MS);
    assertThat(scheduler.due(10 * MS).deliveries()).hasSize(1);
    scheduler.schedule(update(2).withBytes(0), 10 * MS);
    assertThat(scheduler.due(20 * MS).deliveries()).isEmpty();
    assertThat(scheduler.nextDueAt()).hasValue(10 * MS + 2 * SECOND);
  }

  @Test
  void reachability_needsAPathOverActiveEdges_onceThereIsAnyEdge() {
    for (long n = 2; n <= 5; n++) {
      interests.register(node(n), STATE, InterestLevel.HIGH);
    }
    topology.connect(new PropagationEdge(SOURCE, node(2), Link.DEFAULT.withBandwidth(50)));
    topology.connect(new PropagationEdge(node(2), node(3), Link.DEFAULT.withBandwidth(49)));
    topology.connect(new PropagationEdge(node(3), node(4), Link.DEFAULT.withBandwidth(24)));
    topology.connect(new PropagationEdge(SOURCE, node(5), Link.DEFAULT.broken()));

    var plan = planned(scheduler(1_000).schedule(update(1), 0));

    assertThat(plan.decisions())
        .extracting(
            PropagationDecision::target, PropagationDecision::reason, PropagationDecision::quality)
        .containsExactly(
            tuple(node(2), PropagationReason.SENT, 0),
            tuple(node(3), PropagationReason.SENT, 1),
            tuple(node(4), PropagationReason.SENT, 2),
            tuple(node(5), PropagationReason.UNREACHABLE, 0));
    assertThat(plan.decisions().get(2).pathLatencyNanos()).isEqualTo(150 * MS);
  }

  @Test
  void cutOff_whileItWaits_isDroppedAndMadeGoodAfterwards() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    topology.connect(PropagationEdge.of(SOURCE, node(2)));
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.schedule(update(1), 0);
    topology.disconnect(SOURCE, node(2));
    topology.connect(PropagationEdge.of(SOURCE, node(3)));

    Outgoing cut = scheduler.due(SECOND);
    assertThat(cut.deliveries()).isEmpty();
    assertThat(cut.dropped().get(0).decision().reason()).isEqualTo(PropagationReason.UNREACHABLE);

    topology.connect(PropagationEdge.of(SOURCE, node(2)));
    scheduler.schedule(update(2), SECOND);
    Delivery repaired = scheduler.due(2 * SECOND).deliveries().get(0);
    assertThat(repaired.fromVersion()).hasValue(0);
    assertThat(repaired.toVersion()).isEqualTo(2);
  }

  @Test
  void interest_expiresAfterItsTime_notAtIt() {
    interests.register(new InterestDeclaration(node(2), STATE, InterestLevel.HIGH, 10, 5), 10);
    PropagationScheduler scheduler = scheduler(1_000);

    assertThat(planned(scheduler.schedule(update(1), 15)).sends()).hasSize(1);
    assertThat(planned(scheduler.schedule(update(2), 16)).decisions())
        .extracting(PropagationDecision::reason)
        .containsExactly(PropagationReason.EXPIRED);
    assertThat(planned(scheduler.schedule(update(3), 17)).decisions()).isEmpty();
    assertThat(interests.expiredCount()).isEqualTo(1);
    assertThat(scheduler.due(SECOND).deliveries()).isEmpty();
  }

  @Test
  void sequences_countGaps_andDropWhatCameBefore() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = scheduler(1_000);

    planned(scheduler.schedule(update(1), 0));
    planned(scheduler.schedule(update(5), 0));
    assertThat(scheduler.stats().sequenceGaps()).isEqualTo(3);
    assertThat(refused(scheduler.schedule(update(5), 0))).isEqualTo(PropagationReason.DUPLICATE);
    assertThat(refused(scheduler.schedule(update(3), 0))).isEqualTo(PropagationReason.SUPERSEDED);
    assertThat(refused(scheduler.schedule(update(3), 0))).isEqualTo(PropagationReason.DUPLICATE);
    assertThat(scheduler.stats().sequenceGaps()).isEqualTo(2);
    assertThat(scheduler.version(STATE)).isEqualTo(2);
    // the largest number there is, then its successor: beyond it there is none
    planned(scheduler.schedule(update(-1), 0));
    assertThat(refused(scheduler.schedule(update(0), 0))).isEqualTo(PropagationReason.SUPERSEDED);
    assertThat(scheduler.stats().updates()).isEqualTo(3);
  }

  @Test
  void lateJoiner_isSentOneKeyframe_andTheOthersNone() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.schedule(update(1), 0);
    scheduler.due(SECOND);
    interests.register(node(3), STATE, InterestLevel.HIGH);

    scheduler.schedule(update(2), SECOND);
    List<Delivery> second = scheduler.due(2 * SECOND).deliveries();
    scheduler.schedule(update(3), 2 * SECOND);
    List<Delivery> third = scheduler.due(3 * SECOND).deliveries();

    assertThat(second).extracting(Delivery::keyframe).containsExactly(false, true);
    assertThat(second.get(1).fromVersion()).isEmpty();
    assertThat(third).extracting(Delivery::keyframe).containsExactly(false, false);
    assertThat(scheduler.stats().keyframesForced()).isEqualTo(1);
  }

  @Test
  void pausedState_takesNoUpdates_butSendsWhatWaits() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.schedule(update(1), 0);
    scheduler.pause(STATE);

    assertThat(refused(scheduler.schedule(update(2), 0))).isEqualTo(PropagationReason.PAUSED);
    assertThat(scheduler.due(SECOND).deliveries()).hasSize(1);
    scheduler.resume(STATE);
    assertThat(planned(scheduler.schedule(update(2), SECOND)).sends()).hasSize(1);
  }

  @Test
  void removedNode_isForgotten_withWhatWaitsForIt() {
    for (int state = 0; state < 50; state++) {
      interests.register(node(2), StateId.of(state), InterestLevel.HIGH);
      interests.register(node(3), StateId.of(state), InterestLevel.HIGH);
    }
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.schedule(StateUpdate.of(StateId.of(7), SOURCE, 1), 0);

    assertThat(interests.removeNode(node(2))).isEqualTo(50);
    assertThat(interests.removeNode(node(2))).isZero();
    assertThat(interests.nodeStates(node(2))).isEmpty();
    assertThat(interests.size()).isEqualTo(50);
    assertThat(scheduler.due(SECOND).deliveries())
        .extracting(Delivery::target)
        .containsExactly(node(3));
    assertThat(scheduler.stats().withdrawn()).isEqualTo(1);
    assertThat(scheduler.targetCount()).isEqualTo(1);
  }

  @Test
  void stats_addUpInSixtyFourBits() {
    interests.register(node(2), STATE, InterestLevel.HIGH);
    PropagationScheduler scheduler = scheduler(1_000);
    scheduler.recordSend(node(2), 4_000_000_000L, 1, 0);
    scheduler.recordSend(node(2), 4_000_000_000L, 1, 0);
    assertThat(scheduler.stats().bytes()).isEqualTo(8_000_000_000L);
    scheduler.recordSend(node(2), Long.MAX_VALUE, Long.MAX_VALUE, 0);
    assertThat(scheduler.stats().bytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(scheduler.stats().latencies().count(LatencyHistogram.BUCKETS - 1)).isEqualTo(1);
  }
}
