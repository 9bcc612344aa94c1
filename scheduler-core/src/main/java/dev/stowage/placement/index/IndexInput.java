package dev.stowage.placement.index;

import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.InputDraft;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;

/** Converts an index to an input in canonical order. */
final class IndexInput {
  private final PlacementIndex from;
  private final InputDraft draft;
  private final int[] chunkOf;
  private final int[] positionOfChunk;
  private final int[] positionOfWorker;

  IndexInput(PlacementIndex from) {
    this.from = from;
    draft = new InputDraft(from.config);
    chunkOf = from.canonicalChunks();
    positionOfChunk = new int[from.live.length()];
    positionOfWorker = new int[from.workers.limit()];
    Arrays.fill(positionOfChunk, -1);
    Arrays.fill(positionOfWorker, -1);
  }

  FlatInput input() {
    for (PoolKey key : from.pools.keySet()) {
      draft.pool(key);
    }
    for (int i = 0; i < from.workers.count(); i++) {
      int slot = from.workers.order()[i];
      positionOfWorker[slot] = i;
      draft.workers.add(from.workers.known(slot));
      if (from.workers.isAvoided(slot)) {
        draft.avoided.set(i);
      }
    }
    draft.held.expect(from.replicas.live());
    for (int slot : chunkOf) {
      addChunk(slot);
    }
    for (long pin : from.pins.sorted()) {
      draft.pins.add(chunk(PairSet.chunkOf(pin)), worker(PairSet.workerOf(pin)));
    }
    for (long ban : from.bans.sorted()) {
      draft.bans.add(chunk(PairSet.chunkOf(ban)), worker(PairSet.workerOf(ban)));
    }
    draft.request = from.request.renamed(this::chunk, this::worker);
    return draft.sealed();
  }

  private void addChunk(int slot) {
    ChunkColumns chunks = from.chunks;
    int at = draft.chunks.add(chunks.keyHash[slot], chunks.size[slot]);
    positionOfChunk[slot] = at;
    draft.chunks.bits[at] = chunks.bits[slot];
    for (ChunkColumn each : ChunkColumn.ALL) {
      draft.chunks.set(at, each, chunks.get(slot, each));
    }
    for (int i = from.replicas.begin(slot); i < from.replicas.end(slot); i++) {
      draft.held.add(at, positionOfWorker[from.replicas.worker(i)], from.replicas.bits(i));
    }
  }

  private int chunk(int slot) {
    return positionOfChunk[slot];
  }

  private int worker(int slot) {
    return positionOfWorker[slot];
  }
}
