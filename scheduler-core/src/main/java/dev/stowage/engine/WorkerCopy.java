package dev.stowage.engine;

import dev.stowage.model.ChunkNumber;
import org.jspecify.annotations.Nullable;

/** What is known of a copy that a worker lacks: its transfer, that it arrived, its good part. */
public final class WorkerCopy {
  final ChunkNumber number;
  final WorkerTransfers to;
  @Nullable TransferTask task;
  boolean hasArrived;

  /** The assignment in which the replica that arrived first appeared. */
  long since;

  long goodBytes;

  /** Its neighbours among the copies of the worker. */
  @Nullable WorkerCopy previous;

  @Nullable WorkerCopy next;

  WorkerCopy(ChunkNumber number, WorkerTransfers to) {
    this.number = number;
    this.to = to;
  }

  /** Returns the transfer that was queued and has not ended, or null. */
  public @Nullable TransferTask task() {
    return task;
  }

  /**
   * Reports whether it arrived, and the worker did not say since that it lacks it. What arrived for
   * a replica that went is not there for one that came later: the worker may have deleted it.
   *
   * @param replica the assignment in which the replica first appeared
   */
  public boolean hasArrived(long replica) {
    return hasArrived && since >= replica;
  }

  boolean isNothing() {
    return task == null && !hasArrived && goodBytes == 0;
  }
}
