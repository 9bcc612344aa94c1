package dev.stowage.content.queue;

import static dev.stowage.content.PriorityClass.ACK_BITMAP;
import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static dev.stowage.content.PriorityClass.MANIFEST;
import static dev.stowage.content.PriorityClass.PROOF;
import static dev.stowage.content.PriorityClass.REPAIR;
import static dev.stowage.content.PriorityClass.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ContentId;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MS = 1_000_000L;

  private final ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);

  @Test
  void classes_compareByUrgency_andKnowTheirPlane() {
    assertThat(CONTROL).isGreaterThan(DATA);
    assertThat(DATA).isGreaterThan(TELEMETRY);
    assertThat(CONTROL.isControlPlane()).isTrue();
    assertThat(DATA.isDataPlane()).isTrue();
    assertThat(PROOF.isDataPlane()).isTrue();
    assertThat(List.of(PriorityClass.values()))
        .extracting(PriorityClass::displayName)
        .containsExactly(
            "telemetry",
            "prefetch",
            "repair",
            "data",
            "proof",
            "ack_bitmap",
            "manifest",
            "control");
  }

  @Test
  void classes_decideFirst_andTheFirstReasonSaysSo() {
    schedule(item(2, DATA, 1_000, 2, 5), item(3, TELEMETRY, 50, 0.5, 1));
    schedule(item(1, CONTROL, 100, 1, 10));
    assertThat(scheduler.pendingCount()).isEqualTo(3);
    Selected first = next();
    assertThat(first.evidence().reason()).isEqualTo(ScheduleReason.PRIORITY_CLASS);
    assertThat(first.evidence().selectedId()).isEqualTo(1);
    assertThat(first.evidence().decisionId()).isEqualTo(1);
    assertThat(drain()).containsExactly(2L, 3L);
    assertThat(scheduler.hasPendingContent()).isFalse();
  }

  @Test
  void equals_goInTheOrderOfScheduling() {
    schedule(item(1, DATA, 100, 1, 2), item(2, DATA, 100, 1, 2));
    Selected first = next();
    assertThat(first.item().id()).isEqualTo(1);
    assertThat(first.evidence().reason()).isEqualTo(ScheduleReason.FIFO_ORDER);
    assertThat(drain()).containsExactly(2L);
  }

  @Test
  void cancelled_isGone_andTheRestGoes() {
    schedule(item(1, DATA, 100, 1, 2), item(2, DATA, 100, 1, 2));
    assertThat(scheduler.unschedule(1)).isTrue();
    assertThat(scheduler.unschedule(1)).isFalse();
    assertThat(scheduler.pendingCount()).isEqualTo(1);
    assertThat(drain()).containsExactly(2L);
    assertThat(scheduler.nextContent(0)).isEmpty();
  }

  @Test
  void duplicate_isRefused() {
    ContentItem item = item(1, DATA, 100, 1, 2);
    assertThat(scheduler.schedule(item, 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(scheduler.schedule(item, 0)).isEqualTo(ScheduleOutcome.DUPLICATE);
    assertThat(scheduler.pendingCount()).isEqualTo(1);
  }

  @Test
  void rescheduled_isDeliveredOnceAsItIsNow() {
    schedule(item(1, CONTROL, 100, 1, 2));
    scheduler.unschedule(1);
    schedule(item(1, DATA, 200, 2, 4));
    Selected only = next();
    assertThat(only.item().priorityClass()).isEqualTo(DATA);
    assertThat(only.item().sizeBytes()).isEqualTo(200);
    assertThat(scheduler.nextContent(0)).isEmpty();
  }

  @Test
  void rank_tellsEveryTwoSlotsApart_andIsAnOrder() {
    ItemTable table = new ItemTable();
    int older = table.claim(item(1, DATA, 1, 1, 1), 1, 0);
    int newer = table.claim(item(2, DATA, 1, 1, 1), 1, 0);
    int sameAge = table.claim(item(-1, DATA, 1, 1, 1), 1, 0);
    table.stamp(older, 0, 0);
    table.stamp(newer, 1, 0);
    table.stamp(sameAge, 1, 0);
    RankOrder order = new RankOrder(table);
    assertThat(order.before(older, newer)).isTrue();
    assertThat(order.before(newer, older)).isFalse();
    assertThat(order.before(newer, sameAge)).isTrue();
    assertThat(order.before(older, older)).isFalse();
  }

  @Test
  void efficiency_isUtilityPerCost_andInfiniteWithoutCost() {
    assertThat(item(1, DATA, 1, 1, 10).efficiency()).isEqualTo(10.0);
    assertThat(item(1, DATA, 1, 5, 10).efficiency()).isEqualTo(2.0);
    assertThat(item(1, DATA, 1, 0, 10).efficiency()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(item(1, DATA, 1, -0.0, 10).efficiency()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void numbersThatCannotRank_areRefused() {
    double[] bad = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double number : bad) {
      assertThatThrownBy(() -> item(1, DATA, 1, number, 1)).hasMessageContaining("cost is");
      assertThatThrownBy(() -> item(1, DATA, 1, 1, number)).hasMessageContaining("utility is");
    }
    assertThatThrownBy(() -> item(1, DATA, 1, -1, 1)).hasMessageContaining("cost is -1.0");
    assertThatThrownBy(() -> item(1, DATA, -1, 1, 1)).hasMessageContaining("sizeBytes is -1");
    assertThatThrownBy(() -> item(1, DATA, Long.MAX_VALUE, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void small_goesFirstWhereItIsMoreEfficient() {
    schedule(
        item(2, DATA, 1 << 20, 10, 50),
        item(1, DATA, 1 << 10, 1, 10),
        item(3, DATA, 10 << 10, 5, 20));
    Selected first = next();
    assertThat(first.item().id()).isEqualTo(1);
    assertThat(first.evidence().reason()).isEqualTo(ScheduleReason.EFFICIENCY_OPTIMAL);
    assertThat(drain()).containsExactly(2L, 3L);
  }

  @Test
  void metadata_goesBeforeData() {
    schedule(item(1, DATA, 1, 1, 1), item(2, MANIFEST, 1, 1, 1), item(3, CONTROL, 1, 1, 1));
    assertThat(next().evidence().reason()).isEqualTo(ScheduleReason.PRIORITY_CLASS);
    assertThat(drain()).containsExactly(2L, 1L);
  }

  @Test
  void data_goesAtDisk05_andIsThrottledAt09_butControlStillGoes() {
    schedule(item(1, DATA, 1, 1, 1));
    disk(0.5);
    assertThat(drain()).containsExactly(1L);
    scheduler.clear();
    schedule(item(1, DATA, 1, 1, 1));
    disk(0.9);
    assertThat(scheduler.nextContent(0)).isEmpty();
    Decision.Throttled throttled = (Decision.Throttled) scheduler.decide(0);
    assertThat(throttled.evidence().reason()).isEqualTo(ScheduleReason.PRESSURE_THROTTLE);
    assertThat(throttled.evidence().highestHeld()).isEqualTo(DATA);
    assertThat(throttled.retryAfterNanos()).isEqualTo(100 * MS);
    schedule(item(2, CONTROL, 1, 1, 1));
    assertThat(next().item().id()).isEqualTo(2);
    assertThat(scheduler.pendingCount()).isEqualTo(1);
  }

  @Test
  void bands_letThroughTheirClasses() {
    assertThat(lettingThrough(0.6)).isEqualTo(List.of(PriorityClass.values()));
    assertThat(lettingThrough(0.7))
        .containsExactly(REPAIR, DATA, PROOF, ACK_BITMAP, MANIFEST, CONTROL);
    assertThat(lettingThrough(0.8))
        .containsExactly(REPAIR, DATA, PROOF, ACK_BITMAP, MANIFEST, CONTROL);
    assertThat(lettingThrough(0.81)).containsExactly(PROOF, ACK_BITMAP, MANIFEST, CONTROL);
    assertThat(lettingThrough(0.96)).containsExactly(ACK_BITMAP, CONTROL);
    assertThat(lettingThrough(Double.NaN)).containsExactly(ACK_BITMAP, CONTROL);
  }

  @Test
  void small_goesFirstWhenElevated_withItsOwnReason() {
    schedule(item(1, DATA, 500, 1, 100), item(2, DATA, 100, 1, 1), item(3, DATA, 100, 1, 2));
    disk(0.7);
    Selected first = next();
    assertThat(first.item().id()).isEqualTo(3);
    assertThat(first.evidence().reason()).isEqualTo(ScheduleReason.EFFICIENCY_OPTIMAL);
    Selected second = next();
    assertThat(second.item().id()).isEqualTo(2);
    assertThat(second.evidence().reason()).isEqualTo(ScheduleReason.PRESSURE_SIZE);
    assertThat(second.evidence().band()).isEqualTo(PressureBand.ELEVATED);
  }

  @Test
  void pressure_thatIsTooOld_holdsBackWhatCanWait() {
    schedule(item(1, TELEMETRY, 1, 1, 1));
    disk(0);
    assertThat(scheduler.decide(5 * SECOND + 1)).isInstanceOf(Decision.Throttled.class);
    scheduler.updatePressure(new PressureSnapshot(0, 0, 0, 0, 6 * SECOND), 6 * SECOND);
    assertThat(scheduler.nextContent(6 * SECOND)).isPresent();
  }

  @Test
  void ties_goByAge() {
    schedule(item(3, DATA, 1, 1, 1), item(1, DATA, 1, 1, 1), item(2, DATA, 1, 1, 1));
    assertThat(next().evidence().reason()).isEqualTo(ScheduleReason.FIFO_ORDER);
    assertThat(drain()).containsExactly(1L, 2L);
    for (long id : new long[] {5, 2, 8, 1, 9}) {
      schedule(item(id, DATA, 1, 1, 1));
    }
    assertThat(drain()).containsExactly(5L, 2L, 8L, 1L, 9L);
  }

  @Test
  void batch_goesById_unsigned() {
    List<ContentItem> batch = new ArrayList<>();
    for (long id : new long[] {9, -1, 4, Long.MIN_VALUE, 7, Long.MAX_VALUE}) {
      batch.add(item(id, DATA, 1, 1, 1));
    }
    assertThat(scheduler.scheduleAll(batch, 0)).containsOnly(ScheduleOutcome.ACCEPTED);
    Selected first = next();
    assertThat(first.item().id()).isEqualTo(4);
    assertThat(first.evidence().reason()).isEqualTo(ScheduleReason.DETERMINISTIC_TIE_BREAK);
    assertThat(first.evidence().alternatives()).containsExactly(7L, 9L, Long.MAX_VALUE);
    assertThat(drain()).containsExactly(7L, 9L, Long.MAX_VALUE, Long.MIN_VALUE, -1L);
    assertThat(new ContentId(-1)).hasToString("C18446744073709551615");
  }

  @Test
  void classes_goInTheirOrder() {
    schedule(
        item(1, TELEMETRY, 1, 1, 1),
        item(2, CONTROL, 1, 1, 1),
        item(3, DATA, 1, 1, 1),
        item(4, MANIFEST, 1, 1, 1),
        item(5, REPAIR, 1, 1, 1));
    assertThat(drain()).containsExactly(2L, 4L, 3L, 5L, 1L);
  }

  @Test
  void thousand_allComeOut_mostUsefulFirst() {
    IntStream.range(0, 1_000).forEach(i -> schedule(item(i, DATA, 100, 1, i)));
    List<Long> order = drain();
    assertThat(order).hasSize(1_000);
    assertThat(order.get(0)).isEqualTo(999);
    assertThat(order.get(999)).isEqualTo(0);
  }

  @Test
  void sole_afterACancel_isSelectedForItsClass() {
    schedule(item(1, DATA, 1, 1, 9), item(2, DATA, 1, 1, 1));
    scheduler.unschedule(2);
    Selected only = next();
    assertThat(only.evidence().reason()).isEqualTo(ScheduleReason.PRIORITY_CLASS);
    assertThat(only.evidence().alternatives()).isEmpty();
  }

  @Test
  void metadata_isReadByNoRule() {
    schedule(item(1, DATA, 1, 1, 1).withMetadata(Map.of("priority", "low")));
    schedule(item(2, DATA, 1, 1, 1).withMetadata(Map.of("priority", "high")));
    assertThat(drain()).containsExactly(1L, 2L);
  }

  @Test
  void telemetry_underSteadyControl_isRescuedByCall10008() {
    schedule(item(0, TELEMETRY, 1, 1, 1));
    int call = 0;
    Selected selected;
    do {
      call++;
      scheduler.schedule(item(call, CONTROL, 1, 1, 1), call * MS);
      selected = scheduler.nextContent(call * MS).orElseThrow();
    } while (selected.item().priorityClass() == CONTROL && call < 20_000);
    assertThat(call).isBetween(10_001, 10_008);
    assertThat(selected.evidence().reason()).isEqualTo(ScheduleReason.AGING);
  }

  @Test
  void rescue_atExactlyTheLongestWait_isNotDue_andNeverAtConstantTime() {
    schedule(item(0, TELEMETRY, 1, 1, 1));
    for (int i = 1; i <= 100; i++) {
      scheduler.schedule(item(i, CONTROL, 1, 1, 1), 10 * SECOND);
      assertThat(scheduler.nextContent(10 * SECOND).orElseThrow().item().id()).isEqualTo(i);
    }
    scheduler.schedule(item(101, CONTROL, 1, 1, 1), 10 * SECOND + 1);
    assertThat(scheduler.nextContent(10 * SECOND + 1).orElseThrow().item().id()).isZero();
  }

  @Test
  void deadlines_withinTheHorizon_goEarliestFirst_andExpiredOnesAreDropped() {
    schedule(item(1, DATA, 1, 1, 9), item(2, DATA, 1, 1, 1).withDeadline(SECOND));
    schedule(item(3, DATA, 1, 1, 1).withDeadline(SECOND - 1));
    schedule(item(4, DATA, 1, 1, 1).withDeadline(3 * SECOND));
    Selected first = next();
    assertThat(first.item().id()).isEqualTo(3);
    assertThat(first.evidence().reason()).isEqualTo(ScheduleReason.DEADLINE);
    assertThat(first.evidence().alternatives()).containsExactly(2L, 1L, 4L);
    assertThat(scheduler.nextContent(SECOND).orElseThrow().item().id()).isEqualTo(1);
    assertThat(scheduler.stats().byClass().get(DATA).expired()).isEqualTo(1);
    assertThat(scheduler.nextContent(3 * SECOND - 1).orElseThrow().item().id()).isEqualTo(4);
  }

  @Test
  void deadline_thatLiesInThePast_bringsNothingWhereItemsAreDelivered() {
    ContentScheduler delivering =
        ContentScheduler.of(ContentConfig.DEFAULT.withExpiry(ContentConfig.Expiry.DELIVER));
    delivering.schedule(item(1, DATA, 1, 1, 1).withDeadline(5), 10);
    delivering.schedule(item(2, DATA, 1, 1, 2), 10);
    assertThat(delivering.nextContent(10).orElseThrow().item().id()).isEqualTo(2);
    assertThat(delivering.nextContent(10).orElseThrow().item().id()).isEqualTo(1);
  }

  @Test
  void clear_forgetsPressureToo_unlessAskedToKeepIt() {
    schedule(item(1, DATA, 1, 1, 1));
    disk(0.9);
    scheduler.clearKeepingPressure();
    schedule(item(1, DATA, 1, 1, 1));
    assertThat(scheduler.nextContent(0)).isEmpty();
    scheduler.clear();
    assertThat(scheduler.decide(0)).isEqualTo(Decision.IDLE);
    schedule(item(1, DATA, 1, 1, 1));
    Selected first = next();
    assertThat(first.evidence().decisionId()).isEqualTo(1);
  }

  @Test
  void time_thatGoesBackwards_isReadAsTheLatest_andCounted() {
    scheduler.schedule(item(1, DATA, 1, 1, 1), 100);
    Selected selected = scheduler.nextContent(Long.MIN_VALUE).orElseThrow();
    assertThat(selected.evidence().decidedAtNanos()).isEqualTo(100);
    assertThat(scheduler.stats().timeRegressions()).isEqualTo(1);
  }

  private List<PriorityClass> lettingThrough(double pressure) {
    List<PriorityClass> through = new ArrayList<>();
    for (PriorityClass c : PriorityClass.values()) {
      scheduler.clear();
      schedule(item(1, c, 1, 1, 1));
      disk(pressure);
      if (scheduler.nextContent(0).isPresent()) {
        through.add(c);
      }
    }
    return through;
  }

  private void disk(double value) {
    scheduler.updatePressure(new PressureSnapshot(0, value, 0, 0, 0), 0);
  }

  private void schedule(ContentItem... items) {
    for (ContentItem item : items) {
      assertThat(scheduler.schedule(item, 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    }
  }

  private Selected next() {
    return scheduler.nextContent(0).orElseThrow();
  }

  private List<Long> drain() {
    List<Long> ids = new ArrayList<>();
    while (scheduler.hasPendingContent()) {
      ids.add(next().item().id());
    }
    return ids;
  }

  private static ContentItem item(
      long id, PriorityClass priorityClass, long size, double cost, double utility) {
    return ContentItem.of(id, priorityClass, size, cost, utility);
  }
}
