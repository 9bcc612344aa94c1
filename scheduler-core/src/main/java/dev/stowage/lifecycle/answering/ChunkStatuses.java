package dev.stowage.lifecycle.answering;

import dev.stowage.answer.ChunkStatus;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import java.util.Optional;

/** Counts the replicas of a chunk for its {@link ChunkStatus}. */
public final class ChunkStatuses {
  private ChunkStatuses() {}

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
