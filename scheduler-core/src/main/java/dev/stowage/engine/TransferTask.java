package dev.stowage.engine;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.WorkerId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A transfer to a worker. Two are the same if they are the same object. */
public final class TransferTask {
  private final long id;
  private final WorkerId worker;
  private final @Nullable SliceEntry entry;
  private final double seconds;

  /** The copy that it brings; null for a slice, and before it is queued. */
  @Nullable WorkerCopy copy;

  /** The load of the source that sends it; null while it waits, and where its origin does. */
  TransfersUnderWay.@Nullable Load load;

  /**
   * A transfer that nobody sends.
   *
   * @param id by which it is queued and answered for; 0 if it was not queued yet
   * @param worker where it goes
   * @param entry the copy that goes; null for the worker's slice
   * @param seconds how long it is expected to take
   */
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
