package dev.stowage.content;

import static dev.stowage.content.PriorityClass.ACK_BITMAP;
import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static dev.stowage.content.PriorityClass.MANIFEST;
import static dev.stowage.content.PriorityClass.PROOF;
import static dev.stowage.content.PriorityClass.REPAIR;
import static dev.stowage.content.PriorityClass.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.Selected;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests what no history of the reference judges: it asks the policy itself. */
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
  void efficiency_isUtilityPerCost_andInfiniteWithoutCost() {
    assertThat(ContentItem.of(1, DATA, 1, 5, 10).efficiency()).isEqualTo(2.0);
    for (double none : new double[] {0, -0.0}) {
      assertThat(ContentItem.of(1, DATA, 1, none, 10).efficiency())
          .isEqualTo(Double.POSITIVE_INFINITY);
    }
  }

  @Test
  void data_goesAtDisk05_andIsThrottledAt09_butControlStillGoes() {
    schedule(1, DATA);
    disk(0.5);
    Selected first = scheduler.decide(0).selected().orElseThrow();
    assertThat(first.evidence().decisionId()).isEqualTo(1);
    scheduler.clear();
    schedule(1, DATA);
    disk(0.9);
    Decision.Throttled throttled = (Decision.Throttled) scheduler.decide(0);
    assertThat(throttled.evidence().reason()).isEqualTo(ScheduleReason.PRESSURE_THROTTLE);
    assertThat(throttled.evidence().highestHeld()).isEqualTo(DATA);
    assertThat(throttled.retryAfterNanos()).isEqualTo(100 * MS);
    schedule(2, CONTROL);
    assertThat(scheduler.decide(0).selected().orElseThrow().item().id()).isEqualTo(2);
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

  private List<PriorityClass> lettingThrough(double pressure) {
    List<PriorityClass> through = new ArrayList<>();
    for (PriorityClass c : PriorityClass.values()) {
      scheduler.clear();
      schedule(1, c);
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

  private void schedule(long id, PriorityClass priorityClass) {
    scheduler.schedule(ContentItem.of(id, priorityClass, 1, 1, 1), 0);
  }
}
