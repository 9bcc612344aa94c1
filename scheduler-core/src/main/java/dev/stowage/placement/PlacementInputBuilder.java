package dev.stowage.placement;

import dev.stowage.model.Worker;
import dev.stowage.placement.input.InputDraft;
import java.util.Objects;

/**
 * Collects a {@link PlacementInput}; workers and chunks are added in canonical order. Not
 * thread-safe; built once. Methods throw {@link IndexOutOfBoundsException} for unknown positions
 * and {@link IllegalArgumentException} for illegal values.
 */
public final class PlacementInputBuilder {
  private final InputDraft draft;

  PlacementInputBuilder(PlacementConfig config) {
    draft = new InputDraft(Objects.requireNonNull(config, "config"));
  }

  /** Adds the next worker in canonical order (by id) and returns its position. */
  public int addWorker(Worker worker) {
    int position = draft.workers.size();
    if (position > 0 && draft.workers.get(position - 1).id().compareTo(worker.id()) >= 0) {
      throw new IllegalArgumentException(
          "worker " + worker.id() + " does not come after " + draft.workers.get(position - 1).id());
    }
    draft.workers.add(worker);
    return position;
  }

  /** Marks a worker that takes nothing new. */
  public PlacementInputBuilder avoid(int worker) {
    draft.avoided.set(Objects.checkIndex(worker, draft.workers.size()));
    return this;
  }

  /** Returns the number of a pool, equal for equal keys; 0 is {@code ANY}. */
  public int pool(PoolKey key) {
    return draft.pool(Objects.requireNonNull(key, "key"));
  }

  /**
   * Adds the next chunk in canonical order, with the least value of each column; returns its
   * position.
   *
   * @param keyHash the {@link KeyHash} of its key
   * @param sizeBytes at least 0
   */
  public int addChunk(long keyHash, long sizeBytes) {
    return draft.chunks.add(keyHash, Bound.atLeast(sizeBytes, 0, "size in bytes"));
  }

  /** Sets a column; a pool by a number from {@link #pool(PoolKey)}. */
  public PlacementInputBuilder set(int chunk, ChunkColumn column, long value) {
    draft.chunks.set(checkChunk(chunk), column, column.checked(value));
    if (column == ChunkColumn.POOL) {
      Objects.checkIndex((int) value, draft.pools.size());
    }
    return this;
  }

  /** Sets the flags of a chunk, a combination of {@link ChunkBits}. */
  public PlacementInputBuilder bits(int chunk, int bits) {
    draft.chunks.bits[checkChunk(chunk)] = (byte) ChunkBits.checked(bits);
    return this;
  }

  /** Adds a pending swap and returns its number, counted from 0. */
  public int addSwap() {
    return draft.swaps.add();
  }

  /** Puts a chunk on the new side of a swap. */
  public PlacementInputBuilder newSide(int chunk, int swap) {
    draft.swaps.newSide(checkChunk(chunk), swap);
    return this;
  }

  /** Makes a swap wait for the new side of the swap {@code earlier}. */
  public PlacementInputBuilder waitsFor(int swap, int earlier) {
    draft.swaps.waitsFor(swap, earlier);
    return this;
  }

  /** Adds a held replica with its {@link ReplicaBits}; those on departed workers are ignored. */
  public PlacementInputBuilder replica(int chunk, int worker, int bits) {
    checkWorker(worker);
    draft.held.add(checkChunk(chunk), worker, ReplicaBits.checked(bits));
    return this;
  }

  /** Reserves memory for {@code count} held replicas. */
  public PlacementInputBuilder expectReplicas(int count) {
    draft.held.expect(count);
    return this;
  }

  /** Pins a pair: its replica is placed first, and never moved or shrunk. */
  public PlacementInputBuilder pin(int chunk, int worker) {
    draft.pins.add(checkChunk(chunk), checkWorker(worker));
    return this;
  }

  /** Bans a pair: the worker may not hold the chunk. */
  public PlacementInputBuilder ban(int chunk, int worker) {
    draft.bans.add(checkChunk(chunk), checkWorker(worker));
    return this;
  }

  /** Adds a move wanted by the rebalancer; intents are followed in the given order. */
  public PlacementInputBuilder intent(int chunk, int from, int to) {
    draft.intents.add(checkChunk(chunk), checkWorker(from), checkWorker(to));
    return this;
  }

  /**
   * Scores a pair, 0 to 1,000,000 millionths of a point, higher is better; the lower of two counts.
   * Shrinking drops low scores first among possessed replicas not needed for spread; pairs without
   * score go last.
   */
  public PlacementInputBuilder score(int chunk, int worker, int micros) {
    draft.scores.add(checkChunk(chunk), checkWorker(worker), micros);
    return this;
  }

  /** Lets leveling give a worker nothing. */
  public PlacementInputBuilder relieve(int worker) {
    draft.relieved.add(checkWorker(worker));
    return this;
  }

  /** Sets the previous factor of a weight in any pool, in millionths. */
  public PlacementInputBuilder previousFactor(int weight, long millionths) {
    draft.previous.add(-1, weight, Bound.atLeast(millionths, 0, "previous factor"));
    return this;
  }

  /** Sets the previous factor of a weight in one pool, in millionths. */
  public PlacementInputBuilder previousFactor(int pool, int weight, long millionths) {
    Objects.checkIndex(pool, draft.pools.size());
    draft.previous.add(pool, weight, Bound.atLeast(millionths, 0, "previous factor"));
    return this;
  }

  /** Turns growth and moves off. */
  public PlacementInputBuilder freeze() {
    draft.frozen = true;
    return this;
  }

  /** Holds deletions, so that the plan preempts nothing. */
  public PlacementInputBuilder holdDeletions() {
    draft.deletionsHeld = true;
    return this;
  }

  /** Sets what earlier plans moved beyond their budget, to be subtracted from this plan's. */
  public PlacementInputBuilder movementDebt(long bytes, long replicas) {
    draft.debtBytes = Bound.atLeast(bytes, 0, "debt in bytes");
    draft.debtReplicas = Bound.atLeast(replicas, 0, "debt in replicas");
    return this;
  }

  /**
   * Returns the input. Throws {@code IllegalArgumentException} if a pair was given twice, as a
   * replica or as a pin and a ban.
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
