package dev.stowage.content;

import static dev.stowage.content.PriorityClass.ACK_BITMAP;
import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static dev.stowage.content.PriorityClass.MANIFEST;
import static dev.stowage.content.PriorityClass.PROOF;
import static dev.stowage.content.PriorityClass.REPAIR;
import static dev.stowage.content.PriorityClass.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.Selected;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final long MS = 1_000_000L;

  private final ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);

  @Test
  void classes_compareByUrgency() {
    assertThat(CONTROL).isGreaterThan(DATA);
    assertThat(DATA).isGreaterThan(TELEMETRY);
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
    assertThat(scheduler.pendingCount()).isZero();
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
    assertThat(scheduler.cancel(1).isEmpty()).isFalse();
    assertThat(scheduler.cancel(1).isEmpty()).isTrue();
    assertThat(scheduler.pendingCount()).isEqualTo(1);
    assertThat(drain()).containsExactly(2L);
    assertThat(scheduler.decide(0).selected()).isEmpty();
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
    scheduler.cancel(1);
    schedule(item(1, DATA, 200, 2, 4));
    Selected only = next();
    assertThat(only.item().priorityClass()).isEqualTo(DATA);
    assertThat(only.item().sizeBytes()).isEqualTo(200);
    assertThat(scheduler.decide(0).selected()).isEmpty();
  }

  @Test
  void efficiency_isUtilityPerCost_andInfiniteWithoutCost() {
    assertThat(item(1, DATA, 1, 1, 10).efficiency()).isEqualTo(10.0);
    assertThat(item(1, DATA, 1, 5, 10).efficiency()).isEqualTo(2.0);
    assertThat(item(1, DATA, 1, 0, 10).efficiency()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(item(1, DATA, 1, -0.0, 10).efficiency()).isEqualTo(Double.POSITIVE_INFINITY);
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
    assertThat(scheduler.decide(0).selected()).isEmpty();
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
  void metadata_isReadByNoRule() {
    schedule(item(1, DATA, 1, 1, 1).with(noting("low")));
    schedule(item(2, DATA, 1, 1, 1).with(noting("high")));
    assertThat(drain()).containsExactly(1L, 2L);
  }

  private static ItemDetails noting(String priority) {
    return new ItemDetails(Long.MAX_VALUE, null, null, Map.of("priority", priority), null);
  }

  private List<PriorityClass> lettingThrough(double pressure) {
    List<PriorityClass> through = new ArrayList<>();
    for (PriorityClass c : PriorityClass.values()) {
      scheduler.clear();
      schedule(item(1, c, 1, 1, 1));
      disk(pressure);
      if (scheduler.decide(0).selected().isPresent()) {
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
    return scheduler.decide(0).selected().orElseThrow();
  }

  private List<Long> drain() {
    List<Long> ids = new ArrayList<>();
    while (scheduler.pendingCount() > 0) {
      ids.add(next().item().id());
    }
    return ids;
  }

  private static ContentItem item(
      long id, PriorityClass priorityClass, long size, double cost, double utility) {
    return ContentItem.of(id, priorityClass, size, cost, utility);
  }
}
