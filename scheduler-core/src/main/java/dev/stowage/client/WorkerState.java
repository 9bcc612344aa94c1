package dev.stowage.client;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Shape;

/** The kept state, incarnation 0 if unregistered; slices older than the inventory do not count. */
record WorkerState(
    String diskId,
    Incarnation incarnation,
    Lineage lineage,
    long inventoryReport,
    boolean isInventoryTaken) {
  static final Shape<WorkerState> SHAPE = Shape.derived("worker_state", WorkerState.class);

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
