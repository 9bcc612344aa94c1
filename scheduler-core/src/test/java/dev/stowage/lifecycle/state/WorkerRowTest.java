package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests what a worker's row says of it. */
class WorkerRowTest {
  private static PendingReport report(PendingReport.Kind kind, long number, long assignment) {
    return new PendingReport(kind, number, assignment, List.of());
  }

  private static Shape.Draft<WorkerRow> row(WorkerStatus status) {
    Worker worker = Worker.of(WorkerId.of("w"), 9).withStatus(status);
    return WorkerRow.described(0, worker, 0).draft();
  }

  @Test
  void worker_standsForGatesAndTakesReplicas_asItsStatusAndItsPapersSay() {
    for (WorkerStatus status : WorkerStatus.values()) {
      for (int papers = 0; papers < 4; papers++) {
        boolean owes = (papers & 2) != 0;
        WorkerRow entry =
            row(status)
                .with(WorkerRow.INCARNATION, Incarnation.of(papers & 1))
                .with(WorkerRow.OWES_INVENTORY, owes)
                .row();
        assertThat(entry.status()).isEqualTo(status);
        assertThat(entry.isRegistered()).isEqualTo(papers % 2 == 1);
        assertThat(entry.isCounted()).isEqualTo(papers == 1 && status.isCounted());
        assertThat(entry.isPlaceable()).isEqualTo(papers == 1 && status.isPlaceable());
        assertThat(entry.isPresent()).isEqualTo(status != WorkerStatus.DEPARTED);
        assertThat(entry.isDeparted()).as("said by the host, found by no cycle").isFalse();
        WorkerRow gone = entry.draft().with(WorkerRow.ABSENCE, WorkerStatus.DEPARTED).row();
        assertThat(gone.status()).isEqualTo(WorkerStatus.DEPARTED);
        assertThat(gone.isPresent()).isFalse();
        assertThat(gone.isDeparted()).isTrue();
        WorkerRow silent = entry.draft().with(WorkerRow.ABSENCE, WorkerStatus.SUSPECT).row();
        assertThat(silent.isDeparted()).isFalse();
      }
    }
  }

  @Test
  void applied_isTheNewestOfWhatWaits() {
    Shape.Draft<WorkerRow> draft = row(WorkerStatus.ACTIVE);
    assertThat(PendingReports.applied(draft.row())).isEqualTo(WorkerRow.NOTHING_APPLIED);
    draft.with(WorkerRow.PENDING, List.of(report(PendingReport.Kind.LOST, 1, 0)));
    assertThat(PendingReports.applied(draft.row())).isEqualTo(WorkerRow.NOTHING_APPLIED);
    PendingReport inventory = report(PendingReport.Kind.INVENTORY, 2, 0);
    draft.with(WorkerRow.PENDING, List.of(inventory));
    assertThat(PendingReports.applied(draft.row())).isZero();
    draft.with(WorkerRow.LAST_APPLIED, 5);
    assertThat(PendingReports.applied(draft.row())).isEqualTo(5);
    PendingReport applied = report(PendingReport.Kind.APPLIED, 3, 8);
    draft.with(WorkerRow.PENDING, List.of(inventory, applied));
    assertThat(PendingReports.applied(draft.row())).isEqualTo(8);
  }
}
