package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import java.util.Arrays;

/** What an index knows, as an input in canonical order. */
final class IndexInput {
  private final PlacementIndex from;
  private final PlacementInputBuilder builder;
  private final int[] chunkOf;
  private final int[] positionOfChunk;
  private final int[] positionOfWorker;

  IndexInput(PlacementIndex from) {
    this.from = from;
    builder = PlacementInput.builder(from.config);
    chunkOf = from.canonicalChunks();
    positionOfChunk = new int[from.live.length()];
    positionOfWorker = new int[from.workers.limit()];
    Arrays.fill(positionOfChunk, -1);
    Arrays.fill(positionOfWorker, -1);
  }

  PlacementInput input() {
    for (Eligibility constraint : from.eligibilities.keySet()) {
      builder.eligibility(constraint);
    }
    for (int i = 0; i < from.workers.count(); i++) {
      int slot = from.workers.order()[i];
      positionOfWorker[slot] = builder.addWorker(from.workers.known(slot));
      if (from.workers.isAvoided(slot)) {
        builder.avoid(i);
      }
    }
    builder.expectReplicas(from.replicas.live());
    for (int slot : chunkOf) {
      addChunk(slot);
    }
    for (long pin : from.pins.sorted()) {
      builder.pin(chunk(PairSet.chunkOf(pin)), worker(PairSet.workerOf(pin)));
    }
    for (long ban : from.bans.sorted()) {
      builder.ban(chunk(PairSet.chunkOf(ban)), worker(PairSet.workerOf(ban)));
    }
    addRequest(from.request);
    return builder.build();
  }

  private void addChunk(int slot) {
    ChunkColumns chunks = from.chunks;
    int at = builder.addChunk(chunks.keyHash[slot], chunks.size[slot]);
    positionOfChunk[slot] = at;
    builder.weight(at, chunks.weight(slot)).floor(at, chunks.floor(slot));
    builder.eligibility(at, chunks.eligibility(slot)).bits(at, chunks.bits[slot]);
    builder.admitted(at, chunks.admitted(slot)).recentlyLost(at, chunks.recentlyLost(slot));
    for (int i = from.replicas.begin(slot); i < from.replicas.end(slot); i++) {
      builder.replica(at, positionOfWorker[from.replicas.worker(i)], from.replicas.bits(i));
    }
  }

  private void addRequest(PlanRequest request) {
    for (int i = 0; i < request.swaps; i++) {
      builder.addSwap();
    }
    for (int i = 0; i < request.newSides.length; i += 2) {
      builder.newSide(chunk(request.newSides[i]), request.newSides[i + 1]);
    }
    for (int i = 0; i < request.waits.length; i += 2) {
      builder.waitsFor(request.waits[i], request.waits[i + 1]);
    }
    for (int i = 0; i < request.intents.length; i += 3) {
      builder.intent(
          chunk(request.intents[i]),
          worker(request.intents[i + 1]),
          worker(request.intents[i + 2]));
    }
    for (int i = 0; i < request.scores.length; i += 3) {
      builder.score(chunk(request.scores[i]), worker(request.scores[i + 1]), request.scores[i + 2]);
    }
    request.previous.copyTo(builder.previous);
    if (request.frozen) {
      builder.freeze();
    }
    if (request.deletionsHeld) {
      builder.holdDeletions();
    }
    builder.movementDebt(request.debtBytes, request.debtReplicas);
  }

  private int chunk(int slot) {
    return positionOfChunk[slot];
  }

  private int worker(int slot) {
    return positionOfWorker[slot];
  }
}
