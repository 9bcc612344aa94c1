package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, the answer has a type and the queue behind it is unharmed. */
class BadInputTest {
  private final ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
  private long latest;

  @AfterEach
  void whatWaits_comesOutWholeAndInOrder() {
    scheduler.clear();
    for (int i = 1; i <= 20; i++) {
      assertThat(scheduler.schedule(item(i, i), latest)).isEqualTo(ScheduleOutcome.ACCEPTED);
    }
    List<Long> out = new ArrayList<>();
    scheduler.decide(latest).selected().ifPresent(first -> out.add(first.item().id()));
    while (scheduler.pendingCount() > 0) {
      out.add(scheduler.decide(latest).selected().orElseThrow().item().id());
    }
    assertThat(out).hasSize(20).startsWith(20L, 19L).endsWith(2L, 1L);
  }

  private static ContentItem item(long id, double utility) {
    return ContentItem.of(id, PriorityClass.DATA, 10, 1, utility);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 4_999})
  void timeThatGoesBackwards_isReadAsTheLatest_andCounted(long back) {
    latest = 5_000;
    scheduler.schedule(item(1, 1), latest);
    scheduler.schedule(item(2, 1).with(ItemDetails.NONE.withDeadline(5_001)), back);
    assertThat(scheduler.decide(back).selected().orElseThrow().evidence().decidedAtNanos())
        .isEqualTo(5_000);
    assertThat(scheduler.updatePressure(PressureSnapshot.NONE, back)).isNotNull();
    assertThat(scheduler.fail(2, "lost", back)).isInstanceOf(FailureOutcome.Retry.class);
    assertThat(scheduler.stats().timeRegressions()).isEqualTo(4);
  }

  @Test
  void timeAtBothEndsOfItsRange_wrapsNothing() {
    scheduler.schedule(item(1, 1), Long.MIN_VALUE);
    scheduler.schedule(
        item(2, 2).with(ItemDetails.NONE.withDeadline(Long.MAX_VALUE - 1)), Long.MIN_VALUE);
    assertThat(scheduler.decide(Long.MIN_VALUE).selected().orElseThrow().item().id()).isEqualTo(2);
    latest = Long.MAX_VALUE;
    assertThat(scheduler.decide(Long.MAX_VALUE).selected().orElseThrow().item().id()).isEqualTo(1);
    assertThat(scheduler.fail(1, "lost", Long.MAX_VALUE)).isInstanceOf(FailureOutcome.Retry.class);
    assertThat(scheduler.decide(Long.MAX_VALUE)).isInstanceOf(Decision.Selected.class);
  }

  @Test
  void numbersThatAreNoSizesOrCosts_areRefusedBeforeTheyReachAQueue() {
    for (long size : new long[] {-1, Long.MIN_VALUE, ContentItem.MAX_SIZE_BYTES + 1}) {
      assertThatThrownBy(() -> ContentItem.of(1, PriorityClass.DATA, size, 1, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sizeBytes is " + size);
    }
    for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
      assertThatThrownBy(() -> ContentItem.of(1, PriorityClass.DATA, 1, odd, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> item(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThat(scheduler.pendingCount()).isZero();
  }

  @Test
  void aPolicyThatThrowsAnswersNothingOrChangesItsMind_costsOnlyItsOwnItems() {
    int[] asked = new int[1];
    SelectionPolicy odd =
        new SelectionPolicy() {
          @Override
          public String name() {
            return "odd";
          }

          @Override
          public double merit(ContentItem item) {
            if (item.id() % 3 == 0) {
              throw new UnsupportedOperationException("not this one");
            }
            return item.id() % 3 == 1 ? Double.NaN : asked[0]++ % 7 - 3;
          }

          @Override
          public long tieBreak(ContentItem item) {
            return asked[0]++;
          }
        };
    ContentScheduler foreign = ContentScheduler.of(ContentConfig.DEFAULT.withPolicy(odd));
    int accepted = 0;
    for (int i = 0; i < 300; i++) {
      ScheduleOutcome admission = foreign.schedule(item(i, 1), 0);
      assertThat(admission)
          .isEqualTo(i % 3 == 2 ? ScheduleOutcome.ACCEPTED : ScheduleOutcome.REJECTED_INVALID);
      accepted += admission.isAccepted() ? 1 : 0;
    }
    assertThat(foreign.pendingCount()).isEqualTo(accepted);
    List<Long> out = new ArrayList<>();
    while (foreign.pendingCount() > 0) {
      out.add(foreign.decide(0).selected().orElseThrow().item().id());
    }
    assertThat(out).hasSize(accepted).doesNotHaveDuplicates();
  }
}
