package dev.stowage.lifecycle;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import java.util.Optional;

/**
 * What an ingester may ask about a chunk (lifecycle design, section 6).
 *
 * @param key the chunk
 * @param state its state; empty if it is unknown
 * @param marked whether a removal mark stands on it
 * @param replicas how many replicas it has, in any state
 * @param possessed how many of them are proved, reports that no cycle has consumed included
 * @param routed how many of them portals are routed to
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
  static ChunkStatus of(LifecycleView view, ChunkKey key) {
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
