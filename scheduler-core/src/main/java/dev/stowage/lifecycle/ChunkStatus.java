package dev.stowage.lifecycle;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import java.util.Optional;

/**
 * The status of a chunk for an ingester (lifecycle design, section 6). Statuses of several chunks
 * are in the order of the question.
 *
 * @param state its state; empty if the chunk is unknown
 * @param possessed the number of proved replicas, with those in reports that no cycle has consumed
 * @param routed the number of replicas that portals are routed to
 * @param rejectedBy the chunk that won its range, if it was rejected
 */
public record ChunkStatus(
    ChunkKey key,
    Optional<ChunkState> state,
    boolean marked,
    int replicas,
    int possessed,
    int routed,
    Optional<ChunkKey> rejectedBy) {
  /** Returns the status of a chunk, known or not. */
  public static ChunkStatus of(LifecycleView view, ChunkKey key) {
    int chunk = view.chunkPosition(key);
    if (chunk < 0) {
      return new ChunkStatus(key, Optional.empty(), false, 0, 0, 0, Optional.empty());
    }
    int replicas = 0;
    int possessed = 0;
    int routed = 0;
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      replicas++;
      possessed += view.reportedPossessed(slot) ? 1 : 0;
      routed += view.routed(slot) ? 1 : 0;
    }
    ChunkRow row = view.chunkRow(chunk);
    return new ChunkStatus(
        key,
        Optional.of(row.state()),
        row.marked(),
        replicas,
        possessed,
        routed,
        Optional.ofNullable(row.rejectedBy()));
  }
}
