package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.Objects;

/**
 * A wish to move a replica: the copy is made and confirmed before the old one drains.
 *
 * @param chunk the chunk
 * @param from the worker that it leaves
 * @param to the worker that it goes to
 * @param sizeBytes bytes to be copied
 * @param gainMicros how much better it will lie, in micro-points
 * @param costMicros what the move costs, in micro-points
 */
public record MoveIntent(
    ChunkKey chunk, WorkerId from, WorkerId to, long sizeBytes, long gainMicros, long costMicros) {
  /** Refuses nulls. */
  public MoveIntent {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
  }
}
