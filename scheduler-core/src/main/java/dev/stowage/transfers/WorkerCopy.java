package dev.stowage.transfers;

import dev.stowage.model.ChunkNumber;
import org.jspecify.annotations.Nullable;

/** A copy that a worker lacks: its transfer, arrival and good part. */
final class WorkerCopy {
  final ChunkNumber number;
  final WorkerTransfers to;
  @Nullable TransferTask task;
  boolean hasArrived;

  // The assignment in which the arrived replica first appeared.
  long since;

  long goodBytes;

  WorkerCopy(ChunkNumber number, WorkerTransfers to) {
    this.number = number;
    this.to = to;
  }

  // A later replica may be missing: the worker may have deleted the arrived one.
  boolean hasArrived(long replica) {
    return hasArrived && since >= replica;
  }

  boolean isNothing() {
    return task == null && !hasArrived && goodBytes == 0;
  }
}
