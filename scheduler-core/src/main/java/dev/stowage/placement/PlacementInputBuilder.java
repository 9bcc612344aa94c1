package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
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

  /** Sets the other wishes, of chunks, workers and pools that were added before. */
  public PlacementInputBuilder request(PlanRequest wishes) {
    draft.request = wishes.asked.renamed(this::checkChunk, this::checkWorker);
    draft.request.previous.forEach(
        (pool, weight, millionths) -> Objects.checkIndex(Math.max(0, pool), draft.pools.size()));
    return this;
  }

  /**
   * Returns the input. Throws {@code IllegalArgumentException} if a pair was given twice, as a
   * replica or as a pin and a ban, or a chunk is on two new sides.
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
