package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.Decision.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the promises of fairness, waiting and memory, over wide ranges of every setting. */
class BoundsTest {
  @Property(seed = "1", edgeCases = EdgeCasesMode.FIRST)
  void anyTwoBackloggedFlows_ofAnyWeights_stayWithinAQuantumAndTwoItems(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5_000) int weight,
      @ForAll @LongRange(min = 64, max = 1L << 40) long quantum,
      @ForAll @LongRange(min = 1, max = 1L << 44) long largest) {
    Random random = new Random(seed);
    Flow[] flows = new Flow[2 + random.nextInt(4)];
    for (int f = 0; f < flows.length; f++) {
      flows[f] = Flow.ofStream(f - 1).withWeight(f == 0 ? weight : 1 + random.nextInt(weight));
    }
    ContentScheduler scheduler =
        ContentScheduler.of(ContentConfig.DEFAULT.withQuantumBytes(quantum).withInFlightLimit(0));
    double[] share = new double[flows.length];
    long nextId = 0;
    int served = 0;
    for (int i = 0; i < 300; i++) {
      while (nextId < 3L * flows.length + i) {
        // whoever was served has another item before the next decision
        int flow = nextId < 3L * flows.length ? (int) (nextId % flows.length) : served;
        long size = 1 + Math.floorMod(random.nextLong(), largest);
        scheduler.schedule(
            ContentItem.of(nextId++, PriorityClass.DATA, size, 1, random.nextInt(9))
                .in(flows[flow]),
            0);
      }
      ContentItem item = scheduler.nextContent(0).orElseThrow().item();
      served = (int) (item.flow().stream() + 1);
      share[served] += (double) item.sizeBytes() / flows[served].weight();
      for (double other : share) {
        assertThat(Math.abs(share[served] - other))
            .isLessThanOrEqualTo(1.000_001 * (Math.max(quantum, largest) + 2 * largest));
      }
    }
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.FIRST)
  void anOverdueItem_isServedWithinItsBound_whateverGoesBeforeIt(
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 1L << 40) long maxWait,
      @ForAll @IntRange(min = 1, max = 30) int older) {
    Random random = new Random(seed);
    ContentScheduler scheduler =
        ContentScheduler.of(
            ContentConfig.DEFAULT.withMaxWait(Duration.ofNanos(maxWait)).withInFlightLimit(0));
    for (int i = 0; i < older; i++) {
      PriorityClass low = random.nextBoolean() ? PriorityClass.TELEMETRY : PriorityClass.PREFETCH;
      scheduler.schedule(ContentItem.of(i, low, 1 + random.nextInt(99), 1, 1), i);
    }
    long now = older;
    long id = 1_000;
    long first = older + maxWait + 1;
    int selections = 0;
    int leftLow = older;
    while (leftLow > 0) {
      now = Math.max(now, first);
      for (int i = 0; i < 2; i++) {
        scheduler.schedule(ContentItem.of(id++, PriorityClass.CONTROL, 5, 1, 1), now);
      }
      Selected selected = scheduler.nextContent(now).orElseThrow();
      selections++;
      leftLow -= selected.item().priorityClass() == PriorityClass.CONTROL ? 0 : 1;
      assertThat(selections - 8 * (older - leftLow))
          .as("selections since the one before")
          .isLessThanOrEqualTo(8);
    }
    assertThat(selections).isLessThanOrEqualTo(8 * older);
  }

  /**
   * Tests the bound between rescues and deadlines, which go out of turn: it holds without the bytes
   * that a flow sent out of turn and has not paid back, its negative deficit.
   */
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void backloggedFlows_whateverGoesOutOfTurn_keepTheBoundOfTurns(@ForAll long seed) {
    Shared shared = new Shared(seed);
    shared.run();
    assertThat(shared.worstExcess).isLessThanOrEqualTo(0.001);
  }

  /** Flows that always have something, under urgent traffic, late items and deadlines. */
  private static final class Shared {
    private static final long SECOND = 1_000_000_000L;

    private final Random random;
    private final ContentScheduler scheduler;
    private final Flow[] flows;
    private final double[] sent;
    private final long quantum;
    private final int largest;
    private long nextId;
    private long now;
    double worstExcess = Double.NEGATIVE_INFINITY;

    Shared(long seed) {
      random = new Random(seed);
      quantum = 1L << (6 + random.nextInt(14));
      largest = 1 << (3 + random.nextInt(17));
      flows = new Flow[2 + random.nextInt(3)];
      sent = new double[flows.length];
      for (int f = 0; f < flows.length; f++) {
        flows[f] = Flow.ofStream(f).withWeight(1 + random.nextInt(4));
      }
      scheduler =
          ContentScheduler.of(
              ContentConfig.DEFAULT
                  .withQuantumBytes(quantum)
                  .withMaxWait(Duration.ofNanos(random.nextInt(3) * SECOND))
                  .withExpiry(ContentConfig.Expiry.DELIVER)
                  .withInFlightLimit(0));
    }

    void run() {
      for (Flow flow : flows) {
        for (int i = 0; i < 4; i++) {
          queue(flow);
        }
      }
      int urgent = random.nextInt(4);
      for (int i = 0; i < 400; i++) {
        now += random.nextInt(4) == 0 ? SECOND / 4 : 0;
        if (random.nextInt(4) < urgent) {
          scheduler.schedule(ContentItem.of(nextId++, PriorityClass.CONTROL, 1, 1, 1), now);
        }
        ContentItem item = scheduler.nextContent(now).orElseThrow().item();
        if (item.priorityClass() == PriorityClass.DATA) {
          sent[(int) item.flow().stream()] += item.sizeBytes();
          compare();
          queue(flows[(int) item.flow().stream()]);
        }
      }
    }

    private void queue(Flow flow) {
      long size = 1L + random.nextInt(largest);
      ContentItem item =
          ContentItem.of(nextId++, PriorityClass.DATA, size, 1, random.nextInt(9)).in(flow);
      boolean urgent = random.nextInt(12) == 0;
      scheduler.schedule(urgent ? item.withDeadline(now + random.nextInt(5) * SECOND) : item, now);
    }

    private void compare() {
      double[] byTurns = new double[flows.length];
      for (int f = 0; f < flows.length; f++) {
        byTurns[f] = sent[f] / flows[f].weight();
      }
      for (ContentStats.FlowStats flow : scheduler.stats().flows().get(PriorityClass.DATA)) {
        int f = (int) flow.flow().stream();
        byTurns[f] -= (double) Math.max(0, -flow.deficitBytes()) / flows[f].weight();
      }
      double bound = Math.max(quantum, largest) + 2.0 * largest;
      worstExcess = Math.max(worstExcess, apart(byTurns) - bound);
    }

    private static double apart(double[] shares) {
      return Arrays.stream(shares).max().orElseThrow() - Arrays.stream(shares).min().orElseThrow();
    }
  }

  // ---- more bytes than a long counts ----

  private static final int FULL = 127;

  /** Ids from {@code first} on of the largest items, as many as all bounds of bytes let in. */
  private static void fill(ContentScheduler scheduler, long first) {
    for (long id = first; id < first + FULL; id++) {
      ContentItem item = ContentItem.of(id, PriorityClass.DATA, ContentItem.MAX_SIZE_BYTES, 1, 1);
      assertThat(scheduler.schedule(item, 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    }
  }

  private static long pendingBytes(ContentScheduler scheduler) {
    return scheduler.stats().byClass().get(PriorityClass.DATA).pendingBytes();
  }

  @ParameterizedTest
  @EnumSource
  void failedItems_forWhichThereIsNoRoom_areGivenUp(QueueLimits.Overflow overflow) {
    ContentScheduler scheduler =
        ContentScheduler.of(
            ContentConfig.DEFAULT.withLimits(QueueLimits.DEFAULT.withOverflow(overflow)));
    fill(scheduler, 0);
    for (int i = 0; i < FULL; i++) {
      assertThat(scheduler.nextContent(0)).isPresent();
    }
    fill(scheduler, FULL);
    for (long id = 0; id < FULL; id++) {
      assertThat(scheduler.fail(id, "lost", 0)).isEqualTo(new FailureOutcome.GivenUp(1));
    }
    assertThat(scheduler.pendingCount()).isEqualTo(FULL);
    assertThat(pendingBytes(scheduler)).isEqualTo(FULL * ContentItem.MAX_SIZE_BYTES);
    assertThat(scheduler.complete(0)).as("it is not in flight any more").isFalse();
    assertThat(scheduler.unschedule(FULL)).isTrue();
    ContentItem worse = ContentItem.of(999, PriorityClass.DATA, 1, 1, 0);
    assertThat(scheduler.schedule(worse, 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
  }

  @Test
  void failedItem_shedsWhatRanksBelowIt() {
    ContentScheduler scheduler =
        ContentScheduler.of(ContentConfig.DEFAULT.withLimits(QueueLimits.DEFAULT.withMaxItems(1)));
    scheduler.schedule(ContentItem.of(1, PriorityClass.DATA, 1, 1, 9), 0);
    assertThat(scheduler.nextContent(0)).isPresent();
    scheduler.schedule(ContentItem.of(2, PriorityClass.DATA, 1, 1, 1), 0);
    List<Long> lost = new ArrayList<>();
    scheduler.onLoss(lost::add);
    assertThat(scheduler.fail(1, "lost", 0)).isInstanceOf(FailureOutcome.Retry.class);
    assertThat(lost).containsExactly(2L);
    assertThat(scheduler.pendingCount()).isEqualTo(1);
  }

  @Test
  void bytesThatWentOut_areCountedUpToTheLargestNumber() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(0));
    // one that stays keeps the flow, and its count, alive
    scheduler.schedule(ContentItem.of(9_999, PriorityClass.DATA, 1, 1, 0), 0);
    for (int i = 0; i < 130; i++) {
      scheduler.schedule(
          ContentItem.of(i, PriorityClass.DATA, ContentItem.MAX_SIZE_BYTES, 1, 1), 0);
      assertThat(scheduler.nextContent(0).orElseThrow().item().id()).isEqualTo(i);
    }
    ContentStats stats = scheduler.stats();
    assertThat(stats.byClass().get(PriorityClass.DATA).selectedBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(stats.flows().get(PriorityClass.DATA).get(0).sentBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void debtOfAFlow_thatAlwaysGoesOutOfTurn_hasAnEnd() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(0));
    Flow urgent = Flow.ofStream(1);
    scheduler.schedule(ContentItem.of(1_000, PriorityClass.DATA, 1, 1, 0).in(urgent), 0);
    scheduler.schedule(ContentItem.of(1_001, PriorityClass.DATA, 1, 1, 0).in(Flow.ofStream(2)), 0);
    for (int i = 0; i < 200; i++) {
      ContentItem due =
          ContentItem.of(i, PriorityClass.DATA, ContentItem.MAX_SIZE_BYTES, 1, 1)
              .in(urgent)
              .withDeadline(1);
      scheduler.schedule(due, 0);
      assertThat(scheduler.nextContent(0).orElseThrow().item().id()).isEqualTo(i);
    }
    scheduler.stats().flows().get(PriorityClass.DATA).stream()
        .filter(flow -> flow.flow().stream() == 1)
        .forEach(flow -> assertThat(flow.deficitBytes()).isNegative());
    assertThat(scheduler.nextContent(0).orElseThrow().item().id()).isEqualTo(1_001);
    assertThat(scheduler.nextContent(0).orElseThrow().item().id()).isEqualTo(1_000);
  }
}
