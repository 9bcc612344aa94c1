package dev.stowage.engine;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.WorkerId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transfer to a worker.
 *
 * @param id by which it is queued and answered for; 0 if it was not queued yet
 * @param worker where it goes
 * @param entry the copy that goes; null for the worker's slice
 * @param seconds how long it is expected to take
 */
public record TransferTask(long id, WorkerId worker, @Nullable SliceEntry entry, double seconds) {
  public Optional<SliceEntry> chunk() {
    return Optional.ofNullable(entry);
  }
}
