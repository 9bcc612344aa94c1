package dev.stowage.lifecycle;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import java.util.Optional;
import java.util.OptionalLong;

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
  /**
   * What others are shown while no leader has taken in all that was accepted. What a writer
   * ingested or offered is shown at once. A mark, and the new chunks of a swap, may still be set
   * aside: they are shown once they were taken in.
   *
   * @param taken the state that the newest leader committed
   * @param ahead that state and everything accepted since
   */
  public static ChunkStatus shown(LifecycleView taken, LifecycleView ahead, ChunkKey key) {
    int chunk = taken.chunkPosition(key);
    if (chunk < 0 && isOfUnknownSwap(taken, ahead, key)) {
      return unknown(key);
    }
    ChunkStatus newest = of(ahead, key);
    return new ChunkStatus(
        key,
        newest.state(),
        chunk >= 0 && taken.chunkRow(chunk).marked(),
        newest.replicas(),
        newest.possessed(),
        newest.routed(),
        newest.rejectedBy());
  }

  /** Whether a chunk is there for a swap only that no leader knows yet. */
  static boolean isOfUnknownSwap(LifecycleView taken, LifecycleView ahead, ChunkKey key) {
    OptionalLong swap = ahead.swapOf(key);
    return swap.isPresent() && taken.swap(swap.getAsLong()).isEmpty();
  }

  private static ChunkStatus unknown(ChunkKey key) {
    return new ChunkStatus(key, Optional.empty(), false, 0, 0, 0, Optional.empty());
  }

  static ChunkStatus of(LifecycleView view, ChunkKey key) {
    int chunk = view.chunkPosition(key);
    if (chunk < 0) {
      return unknown(key);
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
