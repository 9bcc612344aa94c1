package dev.stowage.lifecycle.documents;

import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.List;

/**
 * A visible chunk and the workers that portals ask for it.
 *
 * @param key the chunk
 * @param range the blocks it covers
 * @param number its number
 * @param sizeBytes its size
 * @param workers who to ask, in the order of ids; empty: the chunk is unavailable
 */
public record Route(
    ChunkKey key, BlockRange range, ChunkNumber number, long sizeBytes, List<WorkerId> workers) {
  /** Copies the list. */
  public Route {
    workers = List.copyOf(workers);
  }

  /** Whether nobody can be asked. */
  public boolean isUnavailable() {
    return workers.isEmpty();
  }
}
