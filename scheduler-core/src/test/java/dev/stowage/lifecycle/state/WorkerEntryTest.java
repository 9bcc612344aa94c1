package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.pressure.PressureSnapshot.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One worker's row in memory. */
class WorkerEntryTest {
  private static final ChunkNumber ORPHAN = new ChunkNumber(RowDrafts.LINEAGE, 4);

  private static PendingReport report(PendingReport.Kind kind, long number, long assignment) {
    return new PendingReport(kind, number, assignment, List.of());
  }

  private static WorkerRow full() {
    return new WorkerRow(
        6,
        Worker.of(WorkerId.of("w"), 9).withZone("z"),
        WorkerStatus.SUSPECT,
        11,
        Incarnation.of(12),
        "disk",
        13,
        true,
        true,
        14,
        15,
        List.of(ORPHAN),
        0L,
        16,
        17,
        true,
        List.of(report(PendingReport.Kind.LOST, 16, 0)),
        WorkerRow.Departure.CONFIRMED,
        new ObservedPressure(PressureBand.HIGH, Resource.DISK, 93, 18),
        "told",
        19,
        20);
  }

  @Test
  void row_comesBackEqual() {
    assertThat(WorkerEntry.of(full()).toRow()).isEqualTo(full());
    WorkerEntry entry = new WorkerEntry(6, Worker.of(WorkerId.of("w"), 1));
    assertThat(entry.toRow()).isNotEqualTo(full());
    entry.restore(full());
    assertThat(entry.toRow()).isEqualTo(full());
  }

  @Test
  void worker_standsForGatesAndTakesReplicas_asItsStatusAndItsPapersSay() {
    for (WorkerStatus status : WorkerStatus.values()) {
      for (int papers = 0; papers < 4; papers++) {
        WorkerEntry entry = new WorkerEntry(0, Worker.of(WorkerId.of("w"), 9).withStatus(status));
        entry.incarnation = papers & 1;
        entry.owesInventory = (papers & 2) != 0;
        assertThat(entry.status()).isEqualTo(status);
        assertThat(entry.isRegistered()).isEqualTo(papers % 2 == 1);
        assertThat(entry.isCounted()).isEqualTo(papers == 1 && status.isCounted());
        assertThat(entry.isPlaceable()).isEqualTo(papers == 1 && status.isPlaceable());
        assertThat(entry.isPresent()).isEqualTo(status != WorkerStatus.DEPARTED);
        assertThat(entry.isDeparted()).as("said by the host, found by no cycle").isFalse();
        entry.absence = WorkerStatus.DEPARTED;
        assertThat(entry.status()).isEqualTo(WorkerStatus.DEPARTED);
        assertThat(entry.isPresent()).isFalse();
        assertThat(entry.isDeparted()).isTrue();
        entry.absence = WorkerStatus.SUSPECT;
        assertThat(entry.isDeparted()).isFalse();
      }
    }
  }

  @Test
  void reportedApplied_isTheNewestOfWhatWaits() {
    WorkerEntry entry = new WorkerEntry(0, Worker.of(WorkerId.of("w"), 9));
    assertThat(entry.reportedApplied()).isEqualTo(WorkerEntry.NOTHING_APPLIED);
    entry.enqueue(report(PendingReport.Kind.LOST, 1, 0));
    assertThat(entry.reportedApplied()).isEqualTo(WorkerEntry.NOTHING_APPLIED);
    entry.pending = List.of(report(PendingReport.Kind.INVENTORY, 2, 0));
    assertThat(entry.reportedApplied()).isZero();
    entry.lastApplied = 5;
    assertThat(entry.reportedApplied()).isEqualTo(5);
    entry.enqueue(report(PendingReport.Kind.APPLIED, 3, 8));
    assertThat(entry.reportedApplied()).isEqualTo(8);
    assertThat(entry.pending).contains(report(PendingReport.Kind.APPLIED, 3, 8));
  }
}
