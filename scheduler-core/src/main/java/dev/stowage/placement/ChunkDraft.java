package dev.stowage.placement;

import java.util.Arrays;

/**
 * One chunk as a {@link WarmPlanner} is to know it: weight 1, the configured floor, no constraint,
 * no flag and no replica unless said otherwise. Nothing is known before {@link #put}. A planner has
 * one draft and hands it out again and again, so feeding a chunk allocates nothing. Not
 * thread-safe.
 *
 * <p>Every method refuses an illegal value with {@link IllegalArgumentException}.
 */
public final class ChunkDraft {
  private final WarmPlanner planner;
  int slot;
  long keyHash;
  long size;
  int weight;
  int floor;
  int eligibility;
  int bits;
  long admitted;
  int recentlyLost;
  int[] worker = new int[16];
  byte[] flags = new byte[16];
  int replicas;
  private boolean begun;

  ChunkDraft(WarmPlanner planner) {
    this.planner = planner;
  }

  ChunkDraft begin(int chunk, long hash, long sizeBytes, int minReplication) {
    slot = chunk;
    keyHash = hash;
    size = sizeBytes;
    weight = 1;
    floor = minReplication;
    eligibility = 0;
    bits = 0;
    admitted = 0;
    recentlyLost = 0;
    replicas = 0;
    begun = true;
    return this;
  }

  /** Its weight, at least 1. */
  public ChunkDraft weight(int claim) {
    weight = (int) WarmPlanner.atLeast(claim, 1, "weight");
    return this;
  }

  /** Its floor, at least 1. */
  public ChunkDraft floor(int least) {
    floor = (int) WarmPlanner.atLeast(least, 1, "floor");
    return this;
  }

  /** Who may hold it, by a number from {@link WarmPlanner#eligibility}. */
  public ChunkDraft eligibility(int constraint) {
    eligibility = planner.checkEligibility(constraint);
    return this;
  }

  /** Its flags, a combination of {@link ChunkBits}. */
  public ChunkDraft bits(int chunkBits) {
    if ((chunkBits & ~ChunkBits.MASK) != 0) {
      throw new IllegalArgumentException("chunk bits are " + chunkBits + "; see ChunkBits");
    }
    bits = chunkBits;
    return this;
  }

  /** The tick of its admission, at least 0. */
  public ChunkDraft admitted(long tick) {
    admitted = WarmPlanner.atLeast(tick, 0, "tick of admission");
    return this;
  }

  /** How many replicas it lost too recently to make bonus ones again, at least 0. */
  public ChunkDraft recentlyLost(int lost) {
    recentlyLost = (int) WarmPlanner.atLeast(lost, 0, "recently lost replicas");
    return this;
  }

  /**
   * A held replica with its {@link ReplicaBits}, in any order.
   *
   * @param holder the slot of a known worker
   */
  public ChunkDraft replica(int holder, int replicaBits) {
    planner.checkWorker(holder);
    if ((replicaBits & ~ReplicaBits.MASK) != 0 || (replicaBits & ReplicaBits.STATE_MASK) == 3) {
      throw new IllegalArgumentException("replica bits are " + replicaBits + "; see ReplicaBits");
    }
    if (replicas == worker.length) {
      worker = Arrays.copyOf(worker, replicas * 2);
      flags = Arrays.copyOf(flags, replicas * 2);
    }
    worker[replicas] = holder;
    flags[replicas++] = (byte) replicaBits;
    return this;
  }

  boolean holds(int holder) {
    for (int i = 0; i < replicas; i++) {
      if (worker[i] == holder) {
        return true;
      }
    }
    return false;
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
      throw new IllegalStateException("the draft of slot " + slot + " was put before");
    }
    begun = false;
    sort();
    return planner.put(this);
  }

  /** Sorts the replicas by worker id, as far as they are not. */
  private void sort() {
    int[] rank = planner.workerRanks();
    for (int i = 1; i < replicas; i++) {
      int holder = worker[i];
      byte flag = flags[i];
      int at = i;
      while (at > 0 && rank[worker[at - 1]] > rank[holder]) {
        worker[at] = worker[at - 1];
        flags[at] = flags[at - 1];
        at--;
      }
      worker[at] = holder;
      flags[at] = flag;
      if (at > 0 && worker[at - 1] == holder) {
        throw new IllegalArgumentException(
            "the chunk in slot " + slot + " has two replicas on the worker in slot " + holder);
      }
    }
  }
}
