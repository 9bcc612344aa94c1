package dev.stowage.client;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Form;
import dev.stowage.shape.Shape;

/** The kept state, incarnation 0 if unregistered; slices older than the inventory do not count. */
record WorkerState(
    String diskId,
    Incarnation incarnation,
    Lineage lineage,
    long inventoryReport,
    boolean isInventoryTaken) {
  static final Shape<WorkerState> SHAPE =
      Shape.of(
          "worker_state",
          row -> {
            var disk = row.text("disk_id", WorkerState::diskId);
            var incarnation =
                row.value("incarnation", WorkerState::incarnation, Form.of(Incarnation.class));
            var lineage = row.value("lineage", WorkerState::lineage, Form.of(Lineage.class));
            var report = row.number("inventory_report", WorkerState::inventoryReport);
            var taken = row.flag("inventory_taken", WorkerState::isInventoryTaken);
            return v ->
                new WorkerState(
                    disk.of(v), incarnation.of(v), lineage.of(v), report.of(v), taken.of(v));
          });

  static WorkerState of(String diskId) {
    return new WorkerState(diskId, Incarnation.of(0), Lineage.of(0), 0, true);
  }

  // The fleet takes a disk of a new life for empty.
  WorkerState registered(Incarnation as, Lineage in, boolean isEmpty) {
    boolean isSame = as.equals(incarnation);
    return new WorkerState(
        diskId, as, in, isSame ? inventoryReport : 0, isSame ? isInventoryTaken : isEmpty);
  }

  WorkerState inventory(long report, boolean isTaken) {
    return new WorkerState(diskId, incarnation, lineage, report, isTaken);
  }

  byte[] toBytes(String fleet) {
    return Envelope.seal(DocumentFormat.BINARY, fleet, SHAPE, this);
  }
}
