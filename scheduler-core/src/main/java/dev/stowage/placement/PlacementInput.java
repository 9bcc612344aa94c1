package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.PairSet;
import dev.stowage.placement.input.PreviousFactors;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Everything a plan depends on, in flat arrays. Chunks and workers are positions in canonical
 * order. Immutable and thread-safe. Costs 5 bytes per replica and 21 per chunk, plus what differs:
 * 1 to 4 bytes each for weight, floor, cap and constraint, up to 8 for the tick of admission.
 */
public final class PlacementInput {
  final FlatInput flat;

  PlacementInput(FlatInput flat) {
    this.flat = flat;
  }

  /** Returns a builder under a configuration. */
  public static PlacementInputBuilder builder(PlacementConfig config) {
    return new PlacementInputBuilder(config);
  }

  /**
   * Returns this input with previous factors in millionths by weight, unless it has any; throws
   * {@code IllegalArgumentException} for a factor below 0.
   */
  public PlacementInput following(Map<Integer, Long> millionths) {
    if (!flat.previous.isEmpty()) {
      return this;
    }
    PreviousFactors.Draft given = new PreviousFactors.Draft();
    millionths.forEach(
        (weight, factor) -> given.add(-1, weight, Bound.atLeast(factor, 0, "previous factor")));
    return new PlacementInput(new FlatInput(flat, given.sealed()));
  }

  /**
   * Returns this input with further pins, for a plan that takes over what is held elsewhere. Pairs
   * that are banned stay as they are. The input must have been made whole, by a builder or for a
   * planner without an index.
   *
   * @param workersOf gives the positions of the workers to which a chunk is pinned
   */
  public PlacementInput pinning(IntFunction<int[]> workersOf) {
    PairSet pins = new PairSet();
    for (long pin : flat.pins) {
      pins.add(PairSet.chunkOf(pin), PairSet.workerOf(pin));
    }
    for (int chunk = 0; chunk < chunkCount(); chunk++) {
      for (int worker : workersOf.apply(chunk)) {
        if (!PairSet.contains(flat.bans, chunk, worker)) {
          pins.add(chunk, worker);
        }
      }
    }
    return new PlacementInput(new FlatInput(flat, pins.sorted()));
  }

  /** Returns the configuration. */
  public PlacementConfig config() {
    return flat.config;
  }

  /** Returns the number of workers of any status. */
  public int workerCount() {
    return flat.workers.length;
  }

  /** Returns the worker at a position. */
  public Worker worker(int worker) {
    return flat.workers[worker];
  }

  /** Reports whether a worker is avoided and so takes nothing new. */
  public boolean isAvoided(int worker) {
    return flat.avoided[worker];
  }

  /** Returns the number of chunks. */
  public int chunkCount() {
    return flat.chunks.count;
  }

  /** Returns the size of a chunk in bytes. */
  public long sizeBytes(int chunk) {
    return flat.chunks.size[chunk];
  }

  /** Returns the weight of a chunk, at least 1. */
  public int weight(int chunk) {
    return flat.chunks.weight(chunk);
  }

  /** Returns the floor of a chunk, at least 1. */
  public int floor(int chunk) {
    return flat.chunks.floor(chunk);
  }

  /** Returns the most replicas that weight can earn a chunk, at least its floor. */
  public int cap(int chunk) {
    return flat.chunks.cap(chunk);
  }

  /** Returns the flags of a chunk, see {@link ChunkBits}. */
  public int chunkBits(int chunk) {
    return flat.chunks.bits[chunk];
  }

  /** Returns the 64-bit hash of a chunk's key. */
  public long keyHash(int chunk) {
    return flat.chunks.keyHash[chunk];
  }

  /** Returns the constraint on the workers of a chunk, without bans. */
  public Eligibility eligibilityOf(int chunk) {
    return flat.pools.get(flat.chunks.pool(chunk)).eligibility();
  }

  /** Returns a chunk's value as it was set. */
  public long value(int chunk, ChunkColumn column) {
    return flat.chunks.get(chunk, column);
  }

  /**
   * Returns the factor that the plan before gave to chunks of this one's weight and constraint, in
   * millionths; empty if it gave none.
   */
  public OptionalLong previousFactor(int chunk) {
    return flat.previous.of(flat.chunks.pool(chunk), weight(chunk));
  }

  /** Returns the bytes that earlier plans moved beyond their budget, to be subtracted now. */
  public long debtBytes() {
    return flat.debtBytes;
  }

  /** Returns the replicas that earlier plans moved beyond their budget. */
  public long debtReplicas() {
    return flat.debtReplicas;
  }

  /** Returns the number of held replicas. */
  public int replicaCount() {
    return flat.held.begin(flat.chunks.count);
  }

  /** Returns the index of a chunk's first replica; its end is the start of chunk + 1. */
  public int replicaStart(int chunk) {
    return flat.held.begin(chunk);
  }

  /** Returns the worker of a held replica. */
  public int replicaWorker(int replica) {
    return flat.held.worker()[replica];
  }

  /** Returns the flags of a held replica, see {@link ReplicaBits}. */
  public int replicaBits(int replica) {
    return flat.held.bits()[replica];
  }

  /** Reports whether growth and moves are off. */
  public boolean isFrozen() {
    return flat.frozen;
  }

  /** Reports whether deletions are held, so that nothing is preempted. */
  public boolean isDeletionHeld() {
    return flat.deletionsHeld;
  }
}
