package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.PreviousFactors;
import java.util.Map;

/**
 * Everything a plan depends on, in flat arrays: chunks and workers are dense positions in canonical
 * order, replicas are grouped by chunk and sorted by worker. Immutable and thread-safe.
 *
 * <p>Built once by {@link #builder}; costs 5 bytes per replica and 21 per chunk, and what not all
 * chunks have in common: weights, floors, caps and constraints one to four bytes each, ticks of
 * admission up to eight.
 */
public final class PlacementInput {
  /** What it holds, for planners. */
  final FlatInput flat;

  PlacementInput(FlatInput flat) {
    this.flat = flat;
  }

  /** Begins an input under this configuration. */
  public static PlacementInputBuilder builder(PlacementConfig config) {
    return new PlacementInputBuilder(config);
  }

  /**
   * This input, as it would be after a plan that gave these factors; where it knows the factors of
   * its previous plan, it is returned as it is.
   *
   * @param millionths factors by weight, in whatever pool, each at least 0
   * @throws IllegalArgumentException if a factor is below 0
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

  /** The configuration. */
  public PlacementConfig config() {
    return flat.config;
  }

  /** The number of workers, whatever their status. */
  public int workerCount() {
    return flat.workers.length;
  }

  /** The worker at a position. */
  public Worker worker(int worker) {
    return flat.workers[worker];
  }

  /** Whether the worker takes nothing new because it is avoided. */
  public boolean isAvoided(int worker) {
    return flat.avoided[worker];
  }

  /** The number of chunks. */
  public int chunkCount() {
    return flat.chunks.count;
  }

  /** The size of a chunk in bytes. */
  public long sizeBytes(int chunk) {
    return flat.chunks.size[chunk];
  }

  /** The weight of a chunk, at least 1. */
  public int weight(int chunk) {
    return flat.chunks.weight(chunk);
  }

  /** The floor of a chunk, at least 1. */
  public int floor(int chunk) {
    return flat.chunks.floor(chunk);
  }

  /** The most replicas that weights can earn a chunk, at least its floor. */
  public int cap(int chunk) {
    return flat.chunks.cap(chunk);
  }

  /** The flags of a chunk, see {@link ChunkBits}. */
  public int chunkBits(int chunk) {
    return flat.chunks.bits[chunk];
  }

  /** The 64-bit hash of a chunk's key. */
  public long keyHash(int chunk) {
    return flat.chunks.keyHash[chunk];
  }

  /** Which workers may hold a chunk, bans aside. */
  public Eligibility eligibilityOf(int chunk) {
    return flat.eligibilities.get(flat.chunks.eligibility(chunk));
  }

  /** The number of held replicas. */
  public int replicaCount() {
    return flat.held.begin(flat.chunks.count);
  }

  /** The index of a chunk's first held replica; those of chunk c end where those of c + 1 begin. */
  public int replicaStart(int chunk) {
    return flat.held.begin(chunk);
  }

  /** The worker of a held replica. */
  public int replicaWorker(int replica) {
    return flat.held.worker()[replica];
  }

  /** The flags of a held replica, see {@link ReplicaBits}. */
  public int replicaBits(int replica) {
    return flat.held.bits()[replica];
  }

  /** Whether growth and moves are switched off. */
  public boolean isFrozen() {
    return flat.frozen;
  }

  /** Whether nothing may be deleted now, so that nothing is preempted. */
  public boolean isDeletionHeld() {
    return flat.deletionsHeld;
  }
}
