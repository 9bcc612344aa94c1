package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static dev.stowage.content.PriorityClass.PREFETCH;
import static dev.stowage.content.PriorityClass.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentScheduler.CancelToken;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.Throttled;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.pressure.PressureSnapshot;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Tests the shares of flows, tenants and destinations. */
class SharingTest {
  private static final long KIB = 1L << 10;
  private static final long QUANTUM = 64 * KIB;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void flows_takeTurnsByBytes_andTheReasonSaysSo() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    for (int i = 0; i < 4; i++) {
      scheduler.schedule(item(i, 32 * KIB, 9).inStream(1), 0);
    }
    for (int i = 10; i < 14; i++) {
      scheduler.schedule(item(i, 64 * KIB, 1).inStream(2), 0);
    }
    List<Long> order = new ArrayList<>();
    List<ScheduleReason> reasons = new ArrayList<>();
    while (scheduler.hasPendingContent()) {
      Selected next = scheduler.nextContent(0).orElseThrow();
      order.add(next.item().id());
      reasons.add(next.evidence().reason());
    }
    assertThat(order).containsExactly(0L, 1L, 10L, 2L, 3L, 11L, 12L, 13L);
    assertThat(reasons.get(2)).isEqualTo(ScheduleReason.STREAM_FAIRNESS);
    assertThat(reasons.get(0)).isEqualTo(ScheduleReason.FIFO_ORDER);
  }

  @Property(seed = "1")
  void backloggedFlows_neverDifferByMoreThanAQuantumAndTheLargestItem(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int w1,
      @ForAll @IntRange(min = 1, max = 5) int w2,
      @ForAll @LongRange(min = 1, max = 300_000) long largest) {
    Random random = new Random(seed);
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    Flow[] flows = {Flow.ofStream(1).withWeight(w1), Flow.ofStream(2).withWeight(w2)};
    for (int i = 0; i < 400; i++) {
      ContentItem item =
          item(i, 1 + random.nextInt((int) largest), random.nextInt(10)).in(flows[i % 2]);
      scheduler.schedule(item, 0);
    }
    double[] sent = new double[2];
    int[] left = {200, 200};
    while (left[0] > 0 && left[1] > 0) {
      ContentItem item = scheduler.nextContent(0).orElseThrow().item();
      int flow = (int) item.flow().stream() - 1;
      sent[flow] += (double) item.sizeBytes() / item.flow().weight();
      left[flow]--;
      if (left[0] > 0 && left[1] > 0) {
        assertThat(Math.abs(sent[0] - sent[1])).isLessThanOrEqualTo(QUANTUM + largest);
      }
    }
  }

  @Test
  void fairnessOff_restoresPureEfficiency() {
    ContentScheduler scheduler =
        ContentScheduler.of(ContentConfig.DEFAULT.withFairness(Fairness.OFF));
    for (int i = 0; i < 5; i++) {
      scheduler.schedule(item(i, QUANTUM, 9).inStream(1), 0);
      scheduler.schedule(item(10 + i, QUANTUM, 1).inStream(2), 0);
    }
    assertThat(drain(scheduler)).startsWith(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void tenants_shareAsFlowsDo_oneLevelAbove() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    for (int i = 0; i < 12; i++) {
      Flow flow = Flow.ofStream(i % 3).withTenant(Tenant.of(i % 3 == 2 ? "b" : "a"));
      scheduler.schedule(item(i, QUANTUM, 1).in(flow), 0);
    }
    TreeMap<String, Integer> served = new TreeMap<>();
    for (int i = 0; i < 8; i++) {
      ContentItem item = scheduler.nextContent(0).orElseThrow().item();
      served.merge(item.flow().tenant().name(), 1, Integer::sum);
    }
    assertThat(served).containsEntry("a", 4).containsEntry("b", 4);
  }

  @Test
  void nonIncremental_goesToCompletion_incrementalOnesShare() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    HttpPriority whole = HttpPriority.parse("u=4");
    HttpPriority parts = HttpPriority.parse("u=4, i");
    for (int i = 0; i < 2; i++) {
      scheduler.schedule(item(i, QUANTUM, 1).inStream(1).withPriority(parts), 0);
      scheduler.schedule(item(10 + i, QUANTUM, 1).inStream(2).withPriority(parts), 0);
      scheduler.schedule(item(20 + i, QUANTUM, 1).inStream(3).withPriority(whole), 0);
      scheduler.schedule(item(30 + i, QUANTUM, 1).inStream(4).withPriority(whole), 0);
    }
    assertThat(drain(scheduler)).containsExactly(20L, 21L, 30L, 31L, 0L, 10L, 1L, 11L);
  }

  @Test
  void destinationWithoutPermits_isPassedOverByOthers_neverByALowerClassForIt() {
    Pacing pacing = Pacing.UNLIMITED.withDestination("x", new Pacing.Rate(1_000, 1_000));
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withPacing(pacing));
    scheduler.schedule(item(1, 1_000, 9).to("x"), 0);
    assertThat(scheduler.nextContent(0)).isPresent();
    scheduler.schedule(item(2, 500, 9).to("x"), 0);
    scheduler.schedule(ContentItem.of(3, TELEMETRY, 0, 1, 1).to("x"), 0);
    Throttled throttled = (Throttled) scheduler.decide(0);
    assertThat(throttled.evidence().reason()).isEqualTo(ScheduleReason.PACING);
    assertThat(throttled.retryAfterNanos()).isEqualTo(SECOND / 2);
    scheduler.schedule(ContentItem.of(4, TELEMETRY, 9_999, 1, 1).to("y"), 0);
    Selected other = scheduler.nextContent(0).orElseThrow();
    assertThat(other.item().id()).isEqualTo(4);
    assertThat(other.evidence().reason()).isEqualTo(ScheduleReason.PACING);
    assertThat(scheduler.nextContent(SECOND / 2 - 1)).isEmpty();
    assertThat(scheduler.nextContent(SECOND / 2).orElseThrow().item().id()).isEqualTo(2);
  }

  @Test
  void flowWhoseOnlyItemIsToldWhatItHas_keepsItsTurn() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    scheduler.schedule(item(1, KIB, 1).inStream(1), 0);
    scheduler.schedule(item(2, KIB, 1).inStream(2), 0);
    assertThat(scheduler.reclassify(1, DATA, 1, Long.MAX_VALUE)).contains(ScheduleOutcome.ACCEPTED);
    assertThat(drain(scheduler)).containsExactly(1L, 2L);
  }

  @Test
  void flowThatWaitsForPermits_earnsNothing_byWhatOthersSendMeanwhile() {
    Pacing.Rate slow = new Pacing.Rate(2_000 * QUANTUM, 2_000 * QUANTUM);
    ContentScheduler scheduler =
        ContentScheduler.of(
            ContentConfig.DEFAULT.withPacing(Pacing.UNLIMITED.withDestination("slow", slow)));
    scheduler.schedule(ContentItem.of(0, CONTROL, 4_000 * QUANTUM, 1, 1).to("slow"), 0);
    assertThat(scheduler.nextContent(0)).isPresent();
    for (int i = 0; i < 1_010; i++) {
      scheduler.schedule(item(1 + i, QUANTUM, 9).inStream(1).to("slow"), 0);
      scheduler.schedule(item(2_000 + i, QUANTUM, 1).inStream(2), 0);
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(scheduler.nextContent(0).orElseThrow().item().flow().stream()).isEqualTo(2);
    }
    List<Long> streams = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      streams.add(scheduler.nextContent(3 * SECOND).orElseThrow().item().flow().stream());
    }
    assertThat(streams).containsExactly(1L, 2L, 1L, 2L, 1L, 2L, 1L, 2L);
  }

  @Test
  void turnThatEndsForWantOfPermits_leavesLessCreditThanTheNextItemCosts() {
    Pacing.Rate slow = new Pacing.Rate(100 * KIB, KIB);
    ContentScheduler scheduler =
        ContentScheduler.of(
            ContentConfig.DEFAULT.withPacing(Pacing.UNLIMITED.withDestination("slow", slow)));
    for (int i = 0; i < 200; i++) {
      scheduler.schedule(item(i, KIB, 9).inStream(1).to("slow"), 0);
      scheduler.schedule(item(1_000 + i, QUANTUM, 1).inStream(2), 0);
    }
    for (int second = 0; second < 50; second++) {
      long now = second * SECOND / 100;
      scheduler.schedule(ContentItem.of(5_000 + second, CONTROL, 1, 1, 1), now);
      scheduler.nextContent(now);
      scheduler.nextContent(now);
      scheduler.nextContent(now);
    }
    long deficit =
        scheduler.stats().flows().get(DATA).stream()
            .filter(flow -> flow.stream() == 1)
            .findFirst()
            .orElseThrow()
            .deficitBytes();
    assertThat(deficit).isBetween(0L, QUANTUM + KIB);
  }

  @Test
  void overdueItemLargerThanTheBurst_goes_thoughSmallOnesUseUpThePermitsThere() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withPacing(TO_X));
    scheduler.schedule(ContentItem.of(1, CONTROL, 1_000, 1, 1).to("x"), 0);
    assertThat(scheduler.nextContent(0)).isPresent();
    scheduler.schedule(LARGE, 0);
    for (int i = 0; i < 2_000; i++) {
      scheduler.schedule(ContentItem.of(10_000 + i, TELEMETRY, 1, 1, 9).to("y"), 0);
    }
    long now = 0;
    while (scheduler.isPending(LARGE.id()) && now < 60 * SECOND) {
      now += SECOND / 10;
      scheduler.schedule(item(100 + now, 100, 1).to("x"), now);
      assertThat(scheduler.nextContent(now)).isPresent();
      assertThat(scheduler.nextContent(now)).isPresent();
    }
    assertThat(now).isBetween(11 * SECOND, 12 * SECOND);
  }

  @Test
  void whatWaitsBehindAnItemThatSavesUp_isHeldUntilItWent_butForControl() {
    ContentScheduler scheduler = savingUp();
    Throttled throttled = (Throttled) scheduler.decide(11 * SECOND);
    assertThat(throttled.evidence().reason()).isEqualTo(ScheduleReason.PACING);
    assertThat(throttled.retryAfterNanos()).isEqualTo(SECOND / 2);
    scheduler.schedule(ContentItem.of(4, CONTROL, 100, 1, 1).to("x"), 11 * SECOND);
    assertThat(scheduler.nextContent(11 * SECOND).orElseThrow().item().id()).isEqualTo(4);
    assertThat(((Throttled) scheduler.decide(11 * SECOND)).retryAfterNanos())
        .isEqualTo(600_000_000);
    assertThat(scheduler.nextContent(11_600_000_000L - 1)).isEmpty();
    assertThat(scheduler.nextContent(11_600_000_000L).orElseThrow().item()).isEqualTo(LARGE);
    // a debt of 4,000 and the 100 of the next item
    assertThat(((Throttled) scheduler.decide(11_600_000_000L)).retryAfterNanos())
        .isEqualTo(4_100_000_000L);
  }

  @Test
  void itemsLargerThanTheBurst_goInTheOrderOfClasses_butOneOfEightByAge() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withPacing(TO_X));
    scheduler.schedule(LARGE, 0);
    scheduler.schedule(ContentItem.of(3, TELEMETRY, 5_000, 1, 9).to("x"), 0);
    for (int i = 0; i < 30; i++) {
      scheduler.schedule(item(100 + i, 5_000, 1).to("x"), 11 * SECOND);
      // what goes elsewhere takes the rescue slots, or fills the time between them
      scheduler.schedule(ContentItem.of(1_000 + i, TELEMETRY, 1, 1, 1).to("y"), 0);
    }
    List<Long> toX = new ArrayList<>();
    for (long now = 11 * SECOND; toX.size() < 20 && now < 200 * SECOND; now += SECOND) {
      for (Optional<Selected> next = scheduler.nextContent(now);
          next.isPresent();
          next = scheduler.nextContent(now)) {
        if (next.get().item().sizeBytes() > 1) {
          toX.add(next.get().item().id());
        }
      }
    }
    assertThat(toX.indexOf(LARGE.id())).isBetween(1, 7);
    assertThat(toX.indexOf(3L)).isBetween(2, 15);
    assertThat(toX.stream().filter(id -> id >= 100)).hasSize(18);
  }

  @Test
  void itemThatSavedUp_andIsGoneOrHeldBack_holdsNothingBack() {
    List<Consumer<ContentScheduler>> ways =
        List.of(
            s -> s.cancel(LARGE.id()),
            s -> s.reclassify(LARGE.id(), TELEMETRY, 1, 5 * SECOND),
            s -> s.updatePressure(new PressureSnapshot(0.7, 0, 0, 0, 11 * SECOND), 11 * SECOND));
    for (Consumer<ContentScheduler> way : ways) {
      ContentScheduler scheduler = savingUp();
      assertThat(scheduler.nextContent(11 * SECOND)).isEmpty();
      way.accept(scheduler);
      assertThat(scheduler.nextContent(11 * SECOND).orElseThrow().item().id()).isEqualTo(3);
    }
  }

  private static final Pacing TO_X =
      Pacing.UNLIMITED.withDestination("x", new Pacing.Rate(1_000, 1_000));

  private static final ContentItem LARGE = ContentItem.of(2, TELEMETRY, 5_000, 1, 1).to("x");

  /**
   * At 11 s, half the burst is there, seven went before a large item that is overdue, and a small
   * one waits behind it.
   */
  private static ContentScheduler savingUp() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withPacing(TO_X));
    scheduler.schedule(LARGE, 0);
    for (int i = 0; i < 7; i++) {
      int bytes = i == 0 ? 1_000 : 0;
      scheduler.schedule(ContentItem.of(10 + i, CONTROL, bytes, 1, 1).to("x"), 10_500_000_000L);
      assertThat(scheduler.nextContent(10_500_000_000L).orElseThrow().item().id())
          .isEqualTo(10 + i);
    }
    scheduler.schedule(item(3, 100, 1).to("x"), 11 * SECOND);
    return scheduler;
  }

  @Test
  void overdueItem_behindOlderOnesWithoutPermits_isStillRescued() {
    Pacing pacing = Pacing.UNLIMITED.withDestination("slow", new Pacing.Rate(1, 1));
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withPacing(pacing));
    for (int i = 0; i < 5; i++) {
      scheduler.schedule(ContentItem.of(i, TELEMETRY, 1 << 20, 1, 1).to("slow"), 0);
    }
    assertThat(scheduler.nextContent(0)).isPresent();
    scheduler.schedule(ContentItem.of(5, TELEMETRY, 1, 1, 1).to("y"), 1);
    int calls = 0;
    long selected;
    do {
      calls++;
      scheduler.schedule(ContentItem.of(100 + calls, CONTROL, 1, 1, 1), 11 * SECOND);
      selected = scheduler.nextContent(11 * SECOND).orElseThrow().item().id();
    } while (selected != 5 && calls < 100);
    assertThat(calls).isLessThanOrEqualTo(8);
  }

  @Test
  void globalPermits_missing_stopEverythingButControl_whichStillPays() {
    Pacing pacing = Pacing.UNLIMITED.withGlobal(new Pacing.Rate(1_000, 1_000));
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withPacing(pacing));
    scheduler.schedule(item(1, 5_000, 9), 0);
    assertThat(scheduler.nextContent(0)).isPresent();
    scheduler.schedule(item(2, 5_000, 9), 0);
    scheduler.schedule(item(3, 1, 1), 0);
    Throttled throttled = (Throttled) scheduler.decide(0);
    assertThat(throttled.retryAfterNanos()).isEqualTo(5 * SECOND);
    scheduler.schedule(ContentItem.of(4, CONTROL, 1_000, 1, 1), 0);
    assertThat(scheduler.nextContent(0).orElseThrow().item().id()).isEqualTo(4);
    assertThat(((Throttled) scheduler.decide(0)).retryAfterNanos()).isEqualTo(6 * SECOND);
  }

  @Test
  void fullQueue_shedsLowestClassLeastEfficientNewest_orRefuses() {
    QueueLimits three = QueueLimits.DEFAULT.withMaxItems(3);
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withLimits(three));
    scheduler.schedule(ContentItem.of(1, TELEMETRY, 1, 1, 5), 0);
    scheduler.schedule(ContentItem.of(2, TELEMETRY, 1, 1, 5), 0);
    scheduler.schedule(ContentItem.of(3, PREFETCH, 1, 1, 1), 0);
    assertThat(scheduler.schedule(ContentItem.of(4, TELEMETRY, 1, 1, 5), 0))
        .isEqualTo(ScheduleOutcome.REJECTED_FULL);
    assertThat(scheduler.schedule(item(5, 1, 1), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(scheduler.isPending(2)).isFalse();
    assertThat(scheduler.schedule(item(6, 1, 1), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(scheduler.schedule(item(7, 1, 1), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(drain(scheduler)).containsExactly(5L, 6L, 7L);
    assertThat(scheduler.stats().byClass().get(TELEMETRY).shed()).isEqualTo(2);
  }

  @Test
  void cancel_byFlowAndByObject_returnsWhatItRemoved() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    for (int i = 0; i < 6; i++) {
      scheduler.schedule(item(i, 1, 10 - i).inStream(i % 2).asPiece(i / 2, 0), 0);
    }
    assertThat(scheduler.nextContent(0).orElseThrow().item().id()).isZero();
    CancelToken token = scheduler.token(0).orElseThrow();
    assertThat(token.isCancelled()).isFalse();
    Cancellation byFlow = scheduler.cancelFlow(Flow.ofStream(0));
    assertThat(byFlow.queued()).extracting(ContentItem::id).containsExactly(2L, 4L);
    assertThat(byFlow.inFlight()).extracting(ContentItem::id).containsExactly(0L);
    assertThat(token.isCancelled()).isTrue();
    assertThat(scheduler.fail(0, "reset", 0)).isEqualTo(new FailureOutcome.Cancelled());
    Cancellation byObject = scheduler.cancelObject(1);
    assertThat(byObject.queued()).extracting(ContentItem::id).containsExactly(3L);
    assertThat(scheduler.pendingCount()).isEqualTo(2);
  }

  @Test
  void failed_isTriedAgainAfterItsWait_threeTimes() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    scheduler.schedule(item(1, 1, 1), 0);
    long now = 0;
    for (int failures = 1; failures <= 3; failures++) {
      assertThat(scheduler.nextContent(now)).isPresent();
      long wait = 100_000_000L << (failures - 1);
      assertThat(scheduler.fail(1, "timeout", now))
          .isEqualTo(new FailureOutcome.Retry(now + wait, failures));
      Throttled throttled = (Throttled) scheduler.decide(now);
      assertThat(throttled.evidence().reason()).isEqualTo(ScheduleReason.BACKOFF);
      assertThat(throttled.retryAfterNanos()).isEqualTo(wait);
      now += wait;
    }
    assertThat(scheduler.nextContent(now)).isPresent();
    assertThat(scheduler.fail(1, "timeout", now)).isEqualTo(new FailureOutcome.GivenUp(4));
    assertThat(scheduler.fail(1, "timeout", now)).isEqualTo(new FailureOutcome.Unknown());
    assertThat(scheduler.decide(now)).isEqualTo(Decision.IDLE);
  }

  @Test
  void millionCancelled_underOneLiveItem_leaveNothing() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    scheduler.schedule(ContentItem.of(0, CONTROL, 1, 1, 1), 0);
    Runtime runtime = Runtime.getRuntime();
    long before = usedAfterCollection(runtime);
    for (long i = 1; i <= 1_000_000; i++) {
      scheduler.schedule(ContentItem.of(i, DATA, 1, 1, i).inStream(i), 0);
      scheduler.unschedule(i);
    }
    assertThat(usedAfterCollection(runtime) - before).isLessThan(4L << 20);
    assertThat(scheduler.pendingCount()).isEqualTo(1);
  }

  /** Whoever reads evidence may make a tenant before any flow. */
  @Test
  void tenant_mayBeTheFirstOfTheFlowsClasses() throws IOException, ClassNotFoundException {
    URL classes = Tenant.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader anew =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      assertThat(Class.forName(Tenant.class.getName(), true, anew)).isNotEqualTo(Tenant.class);
      assertThat(Class.forName(Flow.class.getName(), true, anew)).isNotEqualTo(Flow.class);
    }
  }

  private static long usedAfterCollection(Runtime runtime) {
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static List<Long> drain(ContentScheduler scheduler) {
    List<Long> ids = new ArrayList<>();
    while (scheduler.hasPendingContent()) {
      ids.add(scheduler.nextContent(0).orElseThrow().item().id());
    }
    return ids;
  }

  private static ContentItem item(long id, long size, double utility) {
    return ContentItem.of(id, DATA, size, 1, utility);
  }
}
