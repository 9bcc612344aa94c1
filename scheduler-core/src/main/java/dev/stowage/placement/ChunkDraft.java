package dev.stowage.placement;

import dev.stowage.placement.input.ChunkRow;

/**
 * One chunk for a {@link WarmPlanner}: weight 1, floor 1, cap at the floor, no constraint, flag or
 * replica unless set. Takes effect with {@link #put}. Reused, so feeding allocates nothing. Not
 * thread-safe. Every method throws {@link IllegalArgumentException} for an illegal value.
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

  /** Sets the weight, at least 1. */
  public ChunkDraft weight(int claim) {
    row.weight = (int) Bound.atLeast(claim, 1, "weight");
    return this;
  }

  /** Sets the floor, at least 1. */
  public ChunkDraft floor(int least) {
    row.floor = (int) Bound.atLeast(least, 1, "floor");
    return this;
  }

  /**
   * Sets the most replicas that weight can earn, 0 to {@link WeightPolicy#UNCAPPED}; a cap below
   * the floor counts as the floor, the default.
   */
  public ChunkDraft cap(int most) {
    row.cap = (int) Bound.atLeast(most, 0, "cap");
    return this;
  }

  /** Sets the constraint by a number from {@link WarmPlanner#eligibility}. */
  public ChunkDraft eligibility(int constraint) {
    row.eligibility = planner.checkEligibility(constraint);
    return this;
  }

  /** Sets the flags, a combination of {@link ChunkBits}. */
  public ChunkDraft bits(int chunkBits) {
    row.bits = ChunkBits.checked(chunkBits);
    return this;
  }

  /** Sets the tick of admission, at least 0. */
  public ChunkDraft admitted(long tick) {
    row.admitted = Bound.atLeast(tick, 0, "tick of admission");
    return this;
  }

  /** Sets the replicas lost too recently to grow them again, at least 0. */
  public ChunkDraft recentlyLost(int lost) {
    row.recentlyLost = (int) Bound.atLeast(lost, 0, "recently lost replicas");
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
