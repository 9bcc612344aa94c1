package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Everything a plan depends on, in flat arrays: chunks and workers are dense positions in canonical
 * order, replicas are grouped by chunk and sorted by worker. Immutable and thread-safe.
 *
 * <p>Built once by {@link #builder}; costs 5 bytes per replica and 21 per chunk, and what not all
 * chunks have in common: weights, floors and constraints one to four bytes each, ticks of admission
 * up to eight.
 */
public final class PlacementInput {
  final PlacementConfig config;
  final Worker[] workers;

  /** The positions of the workers in canonical order. */
  final int[] workerOrder;

  final boolean[] avoided;
  final List<Eligibility> eligibilities;
  final ChunkColumns chunks;

  /** The canonical order of the chunks' positions. */
  final SlotOrder chunkOrder;

  final SwapOrder swaps;
  final HeldReplicas held;

  /** Sorted by their numbers, to be searched. */
  final long[] pins;

  /** The pins by chunk and worker, both canonically. */
  final long[] pinsInOrder;

  final long[] bans;
  final Intents intents;
  final PairScores scores;
  final PreviousFactors previous;
  final boolean frozen;

  /** Whether nothing may be preempted. */
  final boolean deletionsHeld;

  final long debtBytes;
  final long debtReplicas;

  PlacementInput(PlacementInputBuilder from) {
    config = from.config;
    workers = from.workers.toArray(new Worker[0]);
    workerOrder = IntStream.range(0, workers.length).toArray();
    chunkOrder = SlotOrder.ASCENDING;
    avoided = from.avoidedWorkers();
    eligibilities = List.copyOf(from.eligibilities.keySet());
    chunks = from.chunks.sealed();
    swaps = from.swaps.sealed(chunkOrder);
    held = from.held.sealed(chunks.count);
    pins = from.pins.sorted();
    pinsInOrder = pins;
    bans = from.bans.sorted();
    PairSet.refuseCommon(pins, bans);
    intents = from.intents.sealed();
    scores = from.scores.sealed();
    previous = from.previous.sealed();
    frozen = from.frozen;
    deletionsHeld = from.deletionsHeld;
    debtBytes = from.debtBytes;
    debtReplicas = from.debtReplicas;
  }

  /** The same question, asked after another plan. */
  private PlacementInput(PlacementInput same, PreviousFactors before) {
    config = same.config;
    workers = same.workers;
    workerOrder = same.workerOrder;
    chunkOrder = same.chunkOrder;
    avoided = same.avoided;
    eligibilities = same.eligibilities;
    chunks = same.chunks;
    swaps = same.swaps;
    held = same.held;
    pins = same.pins;
    pinsInOrder = same.pinsInOrder;
    bans = same.bans;
    intents = same.intents;
    scores = same.scores;
    previous = before;
    frozen = same.frozen;
    deletionsHeld = same.deletionsHeld;
    debtBytes = same.debtBytes;
    debtReplicas = same.debtReplicas;
  }

  /** What an index knows, under its own numbers; as long as it is not fed, this does not change. */
  PlacementInput(PlacementIndex from) {
    config = from.config;
    workers = from.workers.snapshot();
    workerOrder = Arrays.copyOf(from.workers.order(), from.workers.count());
    avoided = from.workers.avoided();
    eligibilities = List.copyOf(from.eligibilities.keySet());
    chunks = from.chunks;
    chunkOrder = from.chunkOrder;
    swaps = from.request.swapOrder(chunkOrder);
    held = from.replicas.view();
    pins = from.pins.sorted();
    pinsInOrder = from.pinsInOrder(pins);
    bans = from.bans.sorted();
    intents = from.request.intentList();
    scores = PairScores.Draft.of(from.request.scores);
    previous = from.request.previous;
    frozen = from.request.frozen;
    deletionsHeld = from.request.deletionsHeld;
    debtBytes = from.request.debtBytes;
    debtReplicas = from.request.debtReplicas;
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
    if (!previous.isEmpty()) {
      return this;
    }
    PreviousFactors.Draft given = new PreviousFactors.Draft();
    millionths.forEach((weight, factor) ->
        given.add(-1, weight, WarmPlanner.atLeast(factor, 0, "previous factor")));
    return new PlacementInput(this, given.sealed());
  }

  /** The configuration. */
  public PlacementConfig config() {
    return config;
  }

  /** The number of workers, whatever their status. */
  public int workerCount() {
    return workers.length;
  }

  /** The worker at a position. */
  public Worker worker(int worker) {
    return workers[worker];
  }

  /** Whether the worker takes nothing new because it is avoided. */
  public boolean isAvoided(int worker) {
    return avoided[worker];
  }

  /** The number of chunks. */
  public int chunkCount() {
    return chunks.count;
  }

  /** The size of a chunk in bytes. */
  public long sizeBytes(int chunk) {
    return chunks.size[chunk];
  }

  /** The weight of a chunk, at least 1. */
  public int weight(int chunk) {
    return chunks.weight(chunk);
  }

  /** The floor of a chunk, at least 1. */
  public int floor(int chunk) {
    return chunks.floor(chunk);
  }

  /** The flags of a chunk, see {@link ChunkBits}. */
  public int chunkBits(int chunk) {
    return chunks.bits[chunk];
  }

  /** The 64-bit hash of a chunk's key. */
  public long keyHash(int chunk) {
    return chunks.keyHash[chunk];
  }

  /** Which workers may hold a chunk, bans aside. */
  public Eligibility eligibilityOf(int chunk) {
    return eligibilities.get(chunks.eligibility(chunk));
  }

  /** The number of held replicas. */
  public int replicaCount() {
    return held.begin(chunks.count);
  }

  /** The index of a chunk's first held replica; those of chunk c end where those of c + 1 begin. */
  public int replicaStart(int chunk) {
    return held.begin(chunk);
  }

  /** The worker of a held replica. */
  public int replicaWorker(int replica) {
    return held.worker()[replica];
  }

  /** The flags of a held replica, see {@link ReplicaBits}. */
  public int replicaBits(int replica) {
    return held.bits()[replica];
  }

  /** Whether growth and moves are switched off. */
  public boolean isFrozen() {
    return frozen;
  }

  /** Whether nothing may be deleted now, so that nothing is preempted. */
  public boolean isDeletionHeld() {
    return deletionsHeld;
  }
}
