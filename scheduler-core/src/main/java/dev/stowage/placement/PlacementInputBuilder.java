package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.placement.input.InputDraft;
import java.util.Objects;

/**
 * Collects a {@link PlacementInput}. Workers and chunks are added in canonical order; everything
 * else refers to them by position, in any order. Not thread-safe; to be built once.
 *
 * <p>Every method refuses an unknown position with {@link IndexOutOfBoundsException} and an illegal
 * value with {@link IllegalArgumentException}.
 */
public final class PlacementInputBuilder {
  private final InputDraft draft;

  PlacementInputBuilder(PlacementConfig config) {
    draft = new InputDraft(Objects.requireNonNull(config, "config"));
  }

  /**
   * Adds the next worker in canonical order (by id).
   *
   * @return its position
   */
  public int addWorker(Worker worker) {
    int position = draft.workers.size();
    if (position > 0 && draft.workers.get(position - 1).id().compareTo(worker.id()) >= 0) {
      throw new IllegalArgumentException(
          "worker " + worker.id() + " does not come after " + draft.workers.get(position - 1).id());
    }
    draft.workers.add(worker);
    return position;
  }

  /** The worker takes nothing new. */
  public PlacementInputBuilder avoid(int worker) {
    draft.avoided.set(Objects.checkIndex(worker, draft.workers.size()));
    return this;
  }

  /** The number of this constraint, the same one for equal constraints; 0 is {@code ANY}. */
  public int eligibility(Eligibility constraint) {
    return draft.eligibility(Objects.requireNonNull(constraint, "constraint"));
  }

  /**
   * Adds the next chunk in canonical order, with weight 1, floor 1, nothing that weights may earn,
   * no constraint and no flag.
   *
   * @param keyHash the {@link KeyHash} of its key
   * @param sizeBytes at least 0
   * @return its position
   */
  public int addChunk(long keyHash, long sizeBytes) {
    return draft.chunks.add(keyHash, Bound.atLeast(sizeBytes, 0, "size in bytes"));
  }

  /** Sets the weight of a chunk, at least 1. */
  public PlacementInputBuilder weight(int chunk, int weight) {
    draft.chunks.weight(checkChunk(chunk), (int) Bound.atLeast(weight, 1, "weight"));
    return this;
  }

  /** Sets the floor of a chunk, at least 1. */
  public PlacementInputBuilder floor(int chunk, int replicas) {
    draft.chunks.floor(checkChunk(chunk), (int) Bound.atLeast(replicas, 1, "floor"));
    return this;
  }

  /**
   * Sets the most replicas that weights can earn a chunk, at least 0; below its floor it counts as
   * that. {@link WeightPolicy#UNCAPPED} for no cap; the floor unless set.
   */
  public PlacementInputBuilder cap(int chunk, int replicas) {
    draft.chunks.cap(checkChunk(chunk), (int) Bound.atLeast(replicas, 0, "cap"));
    return this;
  }

  /** Sets who may hold a chunk, by a number from {@link #eligibility(Eligibility)}. */
  public PlacementInputBuilder eligibility(int chunk, int constraint) {
    draft.chunks.eligibility(
        checkChunk(chunk), Objects.checkIndex(constraint, draft.eligibilities.size()));
    return this;
  }

  /** Sets the flags of a chunk, a combination of {@link ChunkBits}. */
  public PlacementInputBuilder bits(int chunk, int bits) {
    draft.chunks.bits[checkChunk(chunk)] = (byte) ChunkBits.checked(bits);
    return this;
  }

  /** Sets the tick of a chunk's admission, at least 0; 0 unless set. */
  public PlacementInputBuilder admitted(int chunk, long tick) {
    draft.chunks.admitted(checkChunk(chunk), Bound.atLeast(tick, 0, "tick of admission"));
    return this;
  }

  /** Says how many replicas a chunk lost too recently to make bonus ones again, at least 0. */
  public PlacementInputBuilder recentlyLost(int chunk, int replicas) {
    draft.chunks.recentlyLost(
        checkChunk(chunk), (int) Bound.atLeast(replicas, 0, "recently lost replicas"));
    return this;
  }

  /**
   * Begins a swap that is pending.
   *
   * @return its number, counted up from 0
   */
  public int addSwap() {
    return draft.swaps.add();
  }

  /** The chunk is on the new side of the swap. */
  public PlacementInputBuilder newSide(int chunk, int swap) {
    draft.swaps.newSide(checkChunk(chunk), swap);
    return this;
  }

  /** The swap rests on what another one, {@code earlier}, still has to produce. */
  public PlacementInputBuilder waitsFor(int swap, int earlier) {
    draft.swaps.waitsFor(swap, earlier);
    return this;
  }

  /** A held replica with its {@link ReplicaBits}; those on departed workers are ignored. */
  public PlacementInputBuilder replica(int chunk, int worker, int bits) {
    checkWorker(worker);
    draft.held.add(checkChunk(chunk), worker, ReplicaBits.checked(bits));
    return this;
  }

  /** Makes room for this many held replicas at once. */
  public PlacementInputBuilder expectReplicas(int count) {
    draft.held.expect(count);
    return this;
  }

  /** A replica of this chunk on this worker is placed first, and never moved or shrunk. */
  public PlacementInputBuilder pin(int chunk, int worker) {
    draft.pins.add(checkChunk(chunk), checkWorker(worker));
    return this;
  }

  /** The worker may not hold the chunk. */
  public PlacementInputBuilder ban(int chunk, int worker) {
    draft.bans.add(checkChunk(chunk), checkWorker(worker));
    return this;
  }

  /** The rebalancer asks to move a replica; intents are followed in the order they are given. */
  public PlacementInputBuilder intent(int chunk, int from, int to) {
    draft.intents.add(checkChunk(chunk), checkWorker(from), checkWorker(to));
    return this;
  }

  /**
   * How well a replica lies. Where a chunk has too many, the lowest scored go first among those
   * that are possessed and not needed for the spread over zones; a pair without a score comes after
   * all that have one. Of two scores of one pair the lower counts.
   *
   * @param micros 0 to 1,000,000 millionths of a point, more is better
   */
  public PlacementInputBuilder score(int chunk, int worker, int micros) {
    draft.scores.add(checkChunk(chunk), checkWorker(worker), micros);
    return this;
  }

  /** The factor that a weight had in the previous plan, in millionths, in whatever pool. */
  public PlacementInputBuilder previousFactor(int weight, long millionths) {
    draft.previous.add(-1, weight, Bound.atLeast(millionths, 0, "previous factor"));
    return this;
  }

  /** The factor that a weight had in the previous plan in the pool of one eligibility. */
  public PlacementInputBuilder previousFactor(int eligibility, int weight, long millionths) {
    Objects.checkIndex(eligibility, draft.eligibilities.size());
    draft.previous.add(eligibility, weight, Bound.atLeast(millionths, 0, "previous factor"));
    return this;
  }

  /** No growth and no moves in this plan. */
  public PlacementInputBuilder freeze() {
    draft.frozen = true;
    return this;
  }

  /** Nothing may be deleted now, so that this plan preempts nothing. */
  public PlacementInputBuilder holdDeletions() {
    draft.deletionsHeld = true;
    return this;
  }

  /** What earlier plans moved beyond their budget, to be subtracted from this plan's. */
  public PlacementInputBuilder movementDebt(long bytes, long replicas) {
    draft.debtBytes = Bound.atLeast(bytes, 0, "debt in bytes");
    draft.debtReplicas = Bound.atLeast(replicas, 0, "debt in replicas");
    return this;
  }

  /**
   * The input.
   *
   * @throws IllegalArgumentException if a pair was given twice, as a replica or as a pin and a ban
   */
  public PlacementInput build() {
    return new PlacementInput(draft.sealed());
  }

  private int checkChunk(int chunk) {
    return Objects.checkIndex(chunk, draft.chunks.count);
  }

  private int checkWorker(int worker) {
    return Objects.checkIndex(worker, draft.workers.size());
  }
}
