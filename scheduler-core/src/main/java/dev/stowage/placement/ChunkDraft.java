package dev.stowage.placement;

import dev.stowage.placement.input.ChunkRow;

/**
 * One chunk as a {@link WarmPlanner} is to know it: weight 1, floor 1, nothing that weights may
 * earn, no constraint, no flag and no replica unless said otherwise. Nothing is known before {@link
 * #put}. A planner has one draft and hands it out again and again, so feeding a chunk allocates
 * nothing. Not thread-safe.
 *
 * <p>Every method refuses an illegal value with {@link IllegalArgumentException}.
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

  /** Its weight, at least 1. */
  public ChunkDraft weight(int claim) {
    row.weight = (int) Bound.atLeast(claim, 1, "weight");
    return this;
  }

  /** Its floor, at least 1. */
  public ChunkDraft floor(int least) {
    row.floor = (int) Bound.atLeast(least, 1, "floor");
    return this;
  }

  /**
   * The most replicas that weights can earn it, at least 0; below its floor it counts as that.
   * {@link WeightPolicy#UNCAPPED} for no cap; its floor unless set.
   */
  public ChunkDraft cap(int most) {
    row.cap = (int) Bound.atLeast(most, 0, "cap");
    return this;
  }

  /** Who may hold it, by a number from {@link WarmPlanner#eligibility}. */
  public ChunkDraft eligibility(int constraint) {
    row.eligibility = planner.checkEligibility(constraint);
    return this;
  }

  /** Its flags, a combination of {@link ChunkBits}. */
  public ChunkDraft bits(int chunkBits) {
    row.bits = ChunkBits.checked(chunkBits);
    return this;
  }

  /** The tick of its admission, at least 0. */
  public ChunkDraft admitted(long tick) {
    row.admitted = Bound.atLeast(tick, 0, "tick of admission");
    return this;
  }

  /** How many replicas it lost too recently to make bonus ones again, at least 0. */
  public ChunkDraft recentlyLost(int lost) {
    row.recentlyLost = (int) Bound.atLeast(lost, 0, "recently lost replicas");
    return this;
  }

  /**
   * A held replica with its {@link ReplicaBits}, in any order.
   *
   * @param holder the slot of a known worker
   */
  public ChunkDraft replica(int holder, int replicaBits) {
    planner.checkWorker(holder);
    row.addReplica(holder, ReplicaBits.checked(replicaBits));
    return this;
  }

  /**
   * Replaces all that the planner knew of the chunk in this slot.
   *
   * @return whether that makes a difference; if not, the planner has nothing to do for it
   * @throws IllegalArgumentException if a worker was given twice
   * @throws IllegalStateException if the draft was put before
   */
  public boolean put() {
    if (!begun) {
      throw new IllegalStateException("the draft of slot " + row.slot + " was put before");
    }
    begun = false;
    row.sort(planner.workerRanks());
    return planner.put(row);
  }
}
