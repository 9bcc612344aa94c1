package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests the decisions of the scheduler, rule by rule. */
class DecisionsTest {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1_000 * MS;
  private static final long STATE = 100;
  private static final NodeId SOURCE = new NodeId(1);
  private static final Link BROKEN = new Link(0, Link.FULL_BANDWIDTH, false);

  private final PropagationScheduler scheduler = scheduler(1_000);

  private static PropagationScheduler scheduler(long budget) {
    return PropagationScheduler.of(PropagationConfig.DEFAULT.withBudget(budget));
  }

  private static NodeId node(long value) {
    return new NodeId(value);
  }

  private void register(long node, InterestLevel level) {
    scheduler.register(node(node), STATE, level, Link.DEFAULT);
  }

  private static StateUpdate update() {
    return update(0);
  }

  private static StateUpdate update(long bytes) {
    return StateUpdate.of(STATE, SOURCE, bytes);
  }

  private static StateUpdate keyframe(long bytes) {
    List<Long> sizes = update(bytes).sizes();
    return new StateUpdate(STATE, SOURCE, PropagationPriority.NORMAL, sizes, true, 0);
  }

  private static StateUpdate update(PropagationPriority priority, int significance) {
    return new StateUpdate(STATE, SOURCE, priority, update().sizes(), false, significance);
  }

  private PropagationReason reason(StateUpdate update) {
    return scheduler.schedule(update, 0).decisions().get(0).reason();
  }

  @Test
  void levels_giveUrgencyDelayAndQuality() {
    InterestLevel[] levels = InterestLevel.values();
    for (int i = 1; i < levels.length; i++) {
      register(1 + i, levels[i]);
    }

    assertThat(scheduler.schedule(keyframe(0), 0).decisions())
        .extracting(
            PropagationDecision::priority,
            PropagationDecision::delayNanos,
            PropagationDecision::quality)
        .containsExactly(
            tuple(PropagationPriority.URGENT, 0L, 0),
            tuple(PropagationPriority.HIGH, 10 * MS, 0),
            tuple(PropagationPriority.NORMAL, 50 * MS, 1),
            tuple(PropagationPriority.BACKGROUND, 200 * MS, 2));
    assertThat(scheduler.interestedNodes(STATE))
        .containsExactly(node(2), node(3), node(4), node(5));
    assertThat(scheduler.interest(node(2))).isEqualTo(levels[1]);
    assertThat(scheduler.interest(node(1))).isEqualTo(InterestLevel.NONE);
  }

  @Test
  void order_isByUrgencyDelayPathAndUnsignedId_inAThousandRuns() {
    for (int run = 0; run < 1_000; run++) {
      assertThat(orderOf(run))
          .containsExactly(node(7), node(3), node(5), node(Long.MIN_VALUE), node(-1), node(4));
    }
  }

  /** Returns the order of fixed nodes that are added in another order in every run. */
  private static List<NodeId> orderOf(int run) {
    PropagationScheduler scheduler = scheduler(1_000);
    List<Long> nodes = new ArrayList<>(List.of(-1L, Long.MIN_VALUE, 3L, 4L, 5L, 7L));
    Collections.shuffle(nodes, new Random(run));
    for (long node : nodes) {
      InterestLevel level =
          node == 7 ? InterestLevel.CRITICAL : node == 4 ? InterestLevel.LOW : InterestLevel.HIGH;
      Link link = new Link(node == 3 ? MS : 9 * MS, 100, true);
      scheduler.register(node(node), STATE, level, link);
    }
    return scheduler.schedule(update(), 0).decisions().stream()
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
    register(2, InterestLevel.MEDIUM);
    StateUpdate urgent = update(PropagationPriority.URGENT, 0);
    assertThat(scheduler.schedule(urgent, 0).decisions().get(0).priority())
        .isEqualTo(PropagationPriority.URGENT);
  }

  @Test
  void lowInterest_isSentKeyframesAndWhatIsSignificantEnough() {
    register(2, InterestLevel.LOW);
    int major = StateUpdate.MAJOR_FROM;

    assertThat(reason(update())).isEqualTo(PropagationReason.NOT_MAJOR);
    assertThat(reason(update(PropagationPriority.NORMAL, major - 1)))
        .isEqualTo(PropagationReason.NOT_MAJOR);
    assertThat(reason(update(PropagationPriority.NORMAL, major))).isEqualTo(PropagationReason.SENT);
    assertThat(reason(keyframe(0))).isEqualTo(PropagationReason.SENT);
    Delivery delivery = scheduler.due(SECOND).deliveries().get(0);
    assertThat(delivery.fromVersion()).hasValue(0);
    assertThat(delivery.toVersion()).isEqualTo(4);
    assertThat(scheduler.stats().notSent(PropagationReason.NOT_MAJOR)).isEqualTo(2);
  }

  @Test
  void everyNegativeDecision_saysWhy() {
    register(1, InterestLevel.HIGH);
    register(2, InterestLevel.LOW);
    scheduler.register(node(77), STATE, InterestLevel.HIGH, BROKEN);
    register(3, InterestLevel.NONE);

    PropagationPlan plan = scheduler.schedule(update(), 6);

    assertThat(plan.decisions())
        .extracting(PropagationDecision::target, PropagationDecision::reason)
        .containsExactlyInAnyOrder(
            tuple(SOURCE, PropagationReason.SOURCE),
            tuple(node(2), PropagationReason.NOT_MAJOR),
            tuple(node(77), PropagationReason.UNREACHABLE));
    assertThat(plan.sends()).isEmpty();
  }

  @Test
  void narrowLink_costsQuality() {
    for (int width : new int[] {50, 49, 24}) {
      scheduler.register(node(width), STATE, InterestLevel.HIGH, Link.DEFAULT.withBandwidth(width));
    }

    assertThat(scheduler.schedule(update(), 0).decisions())
        .extracting(PropagationDecision::target, PropagationDecision::quality)
        .containsExactly(tuple(node(24), 2), tuple(node(49), 1), tuple(node(50), 0));
  }

  @Test
  void overBudget_waits_andGoesWhenTheBudgetIsThere() {
    register(2, InterestLevel.HIGH);
    scheduler.recordSend(node(2), 1_000, 0, 0);

    PropagationDecision decision = scheduler.schedule(update(500), 0).decisions().get(0);

    assertThat(decision.delayNanos()).isEqualTo(500 * MS);
    assertThat(scheduler.due(500 * MS - 1).deliveries()).isEmpty();
    assertThat(scheduler.nextDueAt()).hasValue(500 * MS);
    assertThat(scheduler.due(500 * MS).deliveries()).hasSize(1);
    scheduler.schedule(update(600), 500 * MS);
    assertThat(scheduler.due(510 * MS).deliveries()).isEmpty();
    assertThat(scheduler.nextDueAt()).hasValue(1_100 * MS);
  }

  @Test
  void urgent_mayBorrowOneBurst_andNoMore() {
    register(2, InterestLevel.CRITICAL);
    scheduler.recordSend(node(2), 1_000, 0, 0);

    scheduler.schedule(update(1_000), 0);
    assertThat(scheduler.due(0).deliveries()).hasSize(1);
    scheduler.schedule(update(1), 0);
    assertThat(scheduler.due(0).deliveries()).isEmpty();
    assertThat(scheduler.due(MS).deliveries()).hasSize(1);
  }

  @Test
  void background_isDroppedBeyondTwoSeconds_andCounted() {
    register(2, InterestLevel.LOW);
    scheduler.recordSend(node(2), 2_000, 0, 0);

    assertThat(reason(keyframe(1_000))).isEqualTo(PropagationReason.SENT);
    assertThat(reason(keyframe(1_000))).isEqualTo(PropagationReason.SENT);
    scheduler.recordSend(node(2), 1, 0, 0);
    PropagationPlan plan = scheduler.schedule(keyframe(1_000), 0);
    assertThat(plan.decisions().get(0).reason()).isEqualTo(PropagationReason.BUDGET);
    assertThat(plan.superseded()).containsExactly(node(2));
    assertThat(scheduler.isWaiting(node(2))).isFalse();
    assertThat(scheduler.stats().notSent(PropagationReason.BUDGET)).isEqualTo(1);
    assertThat(scheduler.stats().notSent(PropagationReason.SUPERSEDED)).isEqualTo(2);
  }

  @Test
  void waitingUpdate_isSuperseded_andTheNewerBeginsWhereItBegan() {
    register(2, InterestLevel.MEDIUM);

    scheduler.schedule(keyframe(0), 0);
    PropagationPlan second = scheduler.schedule(update(), 40 * MS);

    assertThat(second.superseded()).containsExactly(node(2));
    // it goes when the older would have gone: a stream of updates starves nobody
    assertThat(second.decisions().get(0).delayNanos()).isEqualTo(10 * MS);
    List<Delivery> out = scheduler.due(50 * MS).deliveries();
    assertThat(out).hasSize(1);
    assertThat(out.get(0).fromVersion()).hasValue(0);
    assertThat(out.get(0).toVersion()).isEqualTo(2);
    assertThat(out.get(0).keyframe()).isTrue();
  }

  @Test
  void largerThanTheBurst_waitsForAFullBucket_andLeavesADebt() {
    register(2, InterestLevel.HIGH);
    scheduler.recordSend(node(2), 1, 0, 0);

    scheduler.schedule(update(3_000), 0);
    assertThat(scheduler.nextDueAt()).hasValue(10 * MS);
    assertThat(scheduler.due(10 * MS).deliveries()).hasSize(1);
    scheduler.schedule(update(0), 10 * MS);
    assertThat(scheduler.due(20 * MS).deliveries()).isEmpty();
    assertThat(scheduler.nextDueAt()).hasValue(10 * MS + 2 * SECOND);
  }

  @Test
  void cutOff_whileItWaits_isDroppedAndMadeGoodAfterwards() {
    register(2, InterestLevel.HIGH);
    scheduler.schedule(update(), 0);
    scheduler.register(node(2), STATE, InterestLevel.HIGH, BROKEN);

    Outgoing cut = scheduler.due(SECOND);
    assertThat(cut.deliveries()).isEmpty();
    assertThat(cut.dropped().get(0).reason()).isEqualTo(PropagationReason.UNREACHABLE);

    register(2, InterestLevel.HIGH);
    scheduler.schedule(update(), SECOND);
    Delivery repaired = scheduler.due(2 * SECOND).deliveries().get(0);
    assertThat(repaired.fromVersion()).hasValue(0);
    assertThat(repaired.toVersion()).isEqualTo(2);
  }

  @Test
  void removedNode_isForgotten_withWhatWaitsForIt_butNotItsDebt() {
    register(2, InterestLevel.HIGH);
    register(3, InterestLevel.HIGH);
    scheduler.recordSend(node(2), 3_000, 0, 0);
    scheduler.schedule(update(), 0);

    scheduler.remove(node(2));
    scheduler.remove(node(2));
    assertThat(scheduler.interestedNodes(STATE)).containsExactly(node(3));
    assertThat(scheduler.due(SECOND).deliveries())
        .extracting(Delivery::target)
        .containsExactly(node(3));
    register(2, InterestLevel.HIGH);
    scheduler.schedule(update(500), SECOND);
    scheduler.due(2 * SECOND);
    assertThat(scheduler.nextDueAt()).hasValue(2_500 * MS);
  }

  @Test
  void stats_haveSumPeakAndMean_inSixtyFourBits() {
    register(2, InterestLevel.HIGH);
    for (long latency : new long[] {50, 100, 75}) {
      assertThat(scheduler.recordSend(node(2), 1_000, latency * MS, 0)).isTrue();
    }
    assertThat(scheduler.stats().sends()).isEqualTo(3);
    assertThat(scheduler.stats().peakLatencyNanos()).isEqualTo(100 * MS);
    assertThat(scheduler.stats().averageLatencyMillis()).isCloseTo(75.0, within(1e-9));
    scheduler.recordSend(node(2), 4_000_000_000L, 1, 0);
    scheduler.recordSend(node(2), 4_000_000_000L, 1, 0);
    assertThat(scheduler.stats().bytes()).isEqualTo(8_000_003_000L);
    scheduler.recordSend(node(2), Long.MAX_VALUE, Long.MAX_VALUE, 0);
    assertThat(scheduler.stats().bytes()).isEqualTo(Long.MAX_VALUE);
  }
}
