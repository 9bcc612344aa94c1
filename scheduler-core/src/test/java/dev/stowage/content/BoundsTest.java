package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.Decision.Selected;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Tests the promises of fairness, waiting and memory, over wide ranges of every setting. */
class BoundsTest {
  @Property(seed = "1", edgeCases = EdgeCasesMode.FIRST)
  void anyTwoBackloggedFlows_ofAnyWeights_stayWithinAQuantumAndTwoItems(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5_000) int weight,
      @ForAll @LongRange(min = 1, max = 1L << 44) long largest) {
    Random random = new Random(seed);
    Flow[] flows = new Flow[2 + random.nextInt(4)];
    for (int f = 0; f < flows.length; f++) {
      flows[f] = new Flow(true, f - 1, f == 0 ? weight : 1 + random.nextInt(weight));
    }
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(0));
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
      ContentItem item = scheduler.decide(0).selected().orElseThrow().item();
      served = (int) (item.flow().stream() + 1);
      share[served] += (double) item.sizeBytes() / flows[served].weight();
      for (double other : share) {
        assertThat(Math.abs(share[served] - other))
            .isLessThanOrEqualTo(1.000_001 * (Math.max(65_536, largest) + 2 * largest));
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
      Selected selected = scheduler.decide(now).selected().orElseThrow();
      selections++;
      leftLow -= selected.item().priorityClass() == PriorityClass.CONTROL ? 0 : 1;
      assertThat(selections - 8 * (older - leftLow))
          .as("selections since the one before")
          .isLessThanOrEqualTo(8);
    }
    assertThat(selections).isLessThanOrEqualTo(8 * older);
  }

  @Test
  void moreBytesThanALongCounts_areRefused() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    for (long id = 0; id < 128; id++) {
      ContentItem item = ContentItem.of(id, PriorityClass.DATA, ContentItem.MAX_SIZE_BYTES, 1, 1);
      assertThat(scheduler.schedule(item, 0).isAccepted()).isEqualTo(id < 127);
    }
  }

  @Test
  void bytesThatWentOut_areCountedUpToTheLargestNumber() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(0));
    // one that stays keeps the flow, and its count, alive
    scheduler.schedule(ContentItem.of(9_999, PriorityClass.DATA, 1, 1, 0), 0);
    for (int i = 0; i < 130; i++) {
      scheduler.schedule(
          ContentItem.of(i, PriorityClass.DATA, ContentItem.MAX_SIZE_BYTES, 1, 1), 0);
      assertThat(scheduler.decide(0).selected().orElseThrow().item().id()).isEqualTo(i);
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
              .with(ItemDetails.NONE.withDeadline(1));
      scheduler.schedule(due, 0);
      assertThat(scheduler.decide(0).selected().orElseThrow().item().id()).isEqualTo(i);
    }
    scheduler.stats().flows().get(PriorityClass.DATA).stream()
        .filter(flow -> flow.flow().stream() == 1)
        .forEach(flow -> assertThat(flow.deficitBytes()).isNegative());
    assertThat(scheduler.decide(0).selected().orElseThrow().item().id()).isEqualTo(1_001);
    assertThat(scheduler.decide(0).selected().orElseThrow().item().id()).isEqualTo(1_000);
  }
}
