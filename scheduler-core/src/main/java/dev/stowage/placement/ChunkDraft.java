package dev.stowage.placement;

import dev.stowage.placement.input.ChunkRow;

/**
 * One chunk for a {@link WarmPlanner}: the least value of each column, no flag or replica unless
 * set. Takes effect with {@link #put}. Reused, so feeding allocates nothing. Not thread-safe. Every
 * method throws {@link IllegalArgumentException} for an illegal value.
 */
public final class ChunkDraft {
  private final WarmPlanner planner;
  private final ChunkRow row = new ChunkRow();
  private boolean begun;

  ChunkDraft(WarmPlanner planner) {
    this.planner = planner;
  }

  ChunkDraft begin(int chunk, long hash, long sizeBytes) {
    row.begin(chunk, hash, sizeBytes);
    begun = true;
    return this;
  }

  /** Sets a column; a pool by a number from {@link WarmPlanner#pool}. */
  public ChunkDraft set(ChunkColumn column, long value) {
    row.set(column, column.checked(value));
    if (column == ChunkColumn.POOL) {
      planner.checkPool((int) value);
    }
    return this;
  }

  /** Sets the flags, a combination of {@link ChunkBits}. */
  public ChunkDraft bits(int chunkBits) {
    row.bits = ChunkBits.checked(chunkBits);
    return this;
  }

  /** Adds a held replica with its {@link ReplicaBits} on the worker in slot {@code holder}. */
  public ChunkDraft replica(int holder, int replicaBits) {
    planner.checkWorker(holder);
    row.addReplica(holder, ReplicaBits.checked(replicaBits));
    return this;
  }

  /**
   * Replaces the knowledge of this chunk; returns false if nothing changes. Throws {@link
   * IllegalArgumentException} if a worker was given twice, {@link IllegalStateException} after a
   * former put.
   */
  public boolean put() {
    if (!begun) {
      throw new IllegalStateException("put was called before for the draft of slot " + row.slot);
    }
    begun = false;
    row.sort(planner.workerRanks());
    return planner.put(row);
  }
}
