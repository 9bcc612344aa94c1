package dev.stowage.transfers;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.WorkerId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A transfer to a worker, compared by identity. */
public final class TransferTask {
  private final long id;
  private final WorkerId worker;
  private final @Nullable SliceEntry entry;
  private final double seconds;

  // Null for a slice, and before the task is queued.
  @Nullable WorkerCopy copy;

  // Null while the task waits and if the origin sends.
  TransfersUnderWay.@Nullable Load load;

  // The id is 0 before it is queued, the entry null for a slice.
  public TransferTask(long id, WorkerId worker, @Nullable SliceEntry entry, double seconds) {
    this.id = id;
    this.worker = worker;
    this.entry = entry;
    this.seconds = seconds;
  }

  public long id() {
    return id;
  }

  public WorkerId worker() {
    return worker;
  }

  public @Nullable SliceEntry entry() {
    return entry;
  }

  public double seconds() {
    return seconds;
  }

  public Optional<SliceEntry> chunk() {
    return Optional.ofNullable(entry);
  }

  void sendFrom(TransfersUnderWay.@Nullable Load source) {
    if (load != null) {
      load.sent--;
    }
    load = source;
    if (source != null) {
      source.sent++;
    }
  }
}
