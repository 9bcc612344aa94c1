package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentQueue.Cancellation;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentScheduler.CancelToken;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.Throttled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the shares of flows and destinations. */
class SharingTest {
  private static final long KIB = 1L << 10;
  private static final long QUANTUM = 64 * KIB;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void flowThatWaitsForPermits_earnsNothing_byWhatOthersSendMeanwhile() {
    ByteRate slow = new ByteRate(2_000 * QUANTUM, 2_000 * QUANTUM);
    ContentScheduler scheduler =
        ContentScheduler.of(ContentConfig.DEFAULT.withDestinationWindow(0));
    scheduler.limit("slow", 1, slow);
    scheduler.schedule(
        ContentItem.of(0, CONTROL, 4_000 * QUANTUM, 1, 1)
            .with(ItemDetails.NONE.withDestination("slow")),
        0);
    assertThat(scheduler.decide(0).selected()).isPresent();
    for (int i = 0; i < 1_010; i++) {
      scheduler.schedule(
          item(1 + i, QUANTUM, 9).inStream(1).with(ItemDetails.NONE.withDestination("slow")), 0);
      scheduler.schedule(item(2_000 + i, QUANTUM, 1).inStream(2), 0);
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(scheduler.decide(0).selected().orElseThrow().item().flow().stream()).isEqualTo(2);
    }
    List<Long> streams = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      streams.add(scheduler.decide(3 * SECOND).selected().orElseThrow().item().flow().stream());
    }
    assertThat(streams).containsExactly(1L, 2L, 1L, 2L, 1L, 2L, 1L, 2L);
  }

  @Test
  void cancel_byFlow_returnsWhatItRemoved() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    for (int i = 0; i < 6; i++) {
      scheduler.schedule(item(i, 1, 10 - i).inStream(i % 2), 0);
    }
    assertThat(scheduler.decide(0).selected().orElseThrow().item().id()).isZero();
    CancelToken token = scheduler.token(0).orElseThrow();
    assertThat(token.isCancelled()).isFalse();
    Cancellation byFlow = scheduler.cancelFlow(Flow.ofStream(0));
    assertThat(byFlow.queued()).extracting(ContentItem::id).containsExactly(2L, 4L);
    assertThat(byFlow.inFlight()).extracting(ContentItem::id).containsExactly(0L);
    assertThat(token.isCancelled()).isTrue();
    assertThat(scheduler.fail(0, "reset", 0)).isEqualTo(new FailureOutcome.Cancelled());
    assertThat(scheduler.pendingCount()).isEqualTo(3);
  }

  @Test
  void millionCancelled_underOneLiveItem_leaveNothing() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    scheduler.schedule(ContentItem.of(0, CONTROL, 1, 1, 1), 0);
    Runtime runtime = Runtime.getRuntime();
    long before = usedAfterCollection(runtime);
    for (long i = 1; i <= 1_000_000; i++) {
      scheduler.schedule(ContentItem.of(i, DATA, 1, 1, i).inStream(i), 0);
      scheduler.cancel(i);
    }
    assertThat(usedAfterCollection(runtime) - before).isLessThan(4L << 20);
    assertThat(scheduler.pendingCount()).isEqualTo(1);
  }

  private static long usedAfterCollection(Runtime runtime) {
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static ContentItem item(long id, long size, double utility) {
    return ContentItem.of(id, DATA, size, 1, utility);
  }

  @Test
  void failed_isTriedAgainAfterItsWait_threeTimes() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    scheduler.schedule(item(1, 1, 1), 0);
    long now = 0;
    for (int failures = 1; failures <= 3; failures++) {
      assertThat(scheduler.decide(now).selected()).isPresent();
      long wait = 100_000_000L << (failures - 1);
      assertThat(scheduler.fail(1, "timeout", now))
          .isEqualTo(new FailureOutcome.Retry(now + wait, failures));
      Throttled throttled = (Throttled) scheduler.decide(now);
      assertThat(throttled.evidence().reason()).isEqualTo(ScheduleReason.BACKOFF);
      assertThat(throttled.retryAfterNanos()).isEqualTo(wait);
      now += wait;
    }
    assertThat(scheduler.decide(now).selected()).isPresent();
    assertThat(scheduler.fail(1, "timeout", now)).isEqualTo(new FailureOutcome.GivenUp(4));
    assertThat(scheduler.fail(1, "timeout", now)).isEqualTo(new FailureOutcome.Unknown());
    assertThat(scheduler.decide(now)).isEqualTo(Decision.IDLE);
  }
}
