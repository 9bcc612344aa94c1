package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.ReplicaBits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Translates the tables into what the planner reads; keeps the way back. */
final class PlanningInput {
  private final Tables tables;
  private final long tick;
  private final PlacementInputBuilder builder;
  private final IntSet condemned;
  private final IntSet cooling = new IntSet();
  private final int[] inputOfWorker;
  private final int[] inputOfChunk;
  private int[] workerOfInput = new int[16];
  private int[] chunkOfInput = new int[16];
  private int workers;
  private int chunks;

  private PlanningInput(Tables tables, long tick, PlanningAdvice advice, IntSet condemned) {
    this.condemned = condemned;
    this.tables = tables;
    this.tick = tick;
    LifecycleConfig config = tables.fleet.config;
    PlacementConfig.Builder placement =
        config.placement().toBuilder().minReplication(config.minReplication());
    advice.budget().ifPresent(placement::budget);
    builder = PlacementInput.builder(placement.build());
    inputOfWorker = new int[tables.workers.limit()];
    inputOfChunk = new int[tables.chunks.limit()];
    for (ChunkKey key : advice.cooling()) {
      int chunk = tables.chunks.find(key);
      if (chunk >= 0) {
        cooling.add(chunk);
      }
    }
    Arrays.fill(inputOfWorker, ReplicaTable.NONE);
    Arrays.fill(inputOfChunk, ReplicaTable.NONE);
  }

  /** The input without what is condemned, and what its positions mean. */
  static Prepared of(Tables tables, long tick, PlanningAdvice advice, IntSet condemned) {
    PlanningInput input = new PlanningInput(tables, tick, advice, condemned);
    input.addWorkers();
    input.addChunks();
    input.addSwaps();
    input.addWishes();
    input.addAdvice(advice);
    Fleet fleet = tables.fleet;
    for (FleetRow.Factor factor : fleet.factors) {
      int pool = input.builder.eligibility(factor.eligibility());
      input.builder.previousFactor(pool, factor.weight(), factor.millionths());
    }
    input.builder.movementDebt(fleet.debtBytes, fleet.debtReplicas);
    if (fleet.frozen) {
      input.builder.freeze();
    }
    return new Prepared(
        input.builder.build(),
        Arrays.copyOf(input.chunkOfInput, input.chunks),
        Arrays.copyOf(input.workerOfInput, input.workers),
        tables.chunks.frozenFacts(),
        tables.planVersion,
        tick);
  }

  private void addWorkers() {
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      if (!entry.isRegistered() || entry.isDeparted()) {
        continue;
      }
      WorkerStatus status = entry.owesInventory ? WorkerStatus.SUSPECT : entry.status();
      if (workers == workerOfInput.length) {
        workerOfInput = Arrays.copyOf(workerOfInput, workers * 2);
      }
      workerOfInput[workers++] = position;
      inputOfWorker[position] = builder.addWorker(entry.description.withStatus(status));
    }
  }

  private void addChunks() {
    builder.expectReplicas(tables.replicas.count());
    Map<Eligibility, Integer> constraints = new HashMap<>();
    chunkOfInput = new int[Math.max(1, tables.chunks.count())];
    tables.chunks.forEachCanonically(chunk -> addChunk(chunk, constraints));
  }

  private void addChunk(int chunk, Map<Eligibility, Integer> constraints) {
    ChunkState state = tables.chunks.stateOf(chunk);
    if (!state.isLive() && state != ChunkState.DROPPED) {
      return;
    }
    ChunkFacts facts = tables.chunks.facts;
    int at = builder.addChunk(facts.hash(chunk), facts.sizeBytes(chunk));
    chunkOfInput[at] = chunk;
    inputOfChunk[chunk] = at;
    chunks = at + 1;
    builder.weight(at, tables.rules.weight(chunk));
    builder.floor(at, tables.rules.floor(chunk));
    builder.admitted(at, tables.chunks.admitted(chunk));
    Eligibility constraint = tables.rules.eligibility(chunk);
    if (!constraint.equals(Eligibility.ANY)) {
      builder.eligibility(at, constraints.computeIfAbsent(constraint, builder::eligibility));
    }
    int bits = state == ChunkState.VISIBLE ? ChunkBits.VISIBLE : 0;
    bits |= tables.chunks.isEstablished(chunk) ? ChunkBits.ESTABLISHED : 0;
    bits |= tables.chunks.isLive(chunk) ? 0 : ChunkBits.PINNED;
    bits |= tables.chunks.isOncePossessed(chunk) ? ChunkBits.ONCE_POSSESSED : 0;
    bits |= tables.swaps.replacing(chunk) != 0 ? ChunkBits.ENDING : 0;
    bits |= cooling.contains(chunk) ? ChunkBits.COOLING : 0;
    builder.bits(at, bits);
    List<Long> lost = tables.chunks.losses.get(chunk);
    if (lost != null) {
      builder.recentlyLost(at, lost.size());
    }
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      int worker = inputOfWorker[tables.replicas.worker(slot)];
      if (worker != ReplicaTable.NONE && !condemned.contains(slot)) {
        builder.replica(at, worker, bitsOf(slot));
      }
    }
  }

  private int bitsOf(int slot) {
    int bits =
        switch (tables.replicas.stateOf(slot)) {
          case ASSIGNED -> ReplicaBits.ASSIGNED;
          case SUPERSEDED -> ReplicaBits.SUPERSEDED;
          case DRAINING -> ReplicaBits.DRAINING;
        };
    if (tables.replicas.isMissing(slot)) {
      return bits | (tables.rules.givenUp(slot, tick) ? ReplicaBits.GIVEN_UP : 0);
    }
    bits |= tables.rules.possessed(slot) ? ReplicaBits.POSSESSED : 0;
    boolean isRouted = tables.rules.routed(slot);
    bits |= isRouted ? ReplicaBits.ROUTED | ReplicaBits.READABLE : 0;
    boolean isReadable = !isRouted && tables.rules.readable(slot, tick);
    return bits | (isReadable ? ReplicaBits.READABLE : 0);
  }

  private void addSwaps() {
    Map<Long, Integer> numbers = new HashMap<>();
    List<Long> pending = tables.swaps.pending();
    for (long id : pending) {
      numbers.put(id, builder.addSwap());
    }
    for (long id : pending) {
      SwapRow swap = tables.swaps.row(id);
      if (swap == null) {
        continue;
      }
      int number = numbers.getOrDefault(id, 0);
      for (ChunkKey key : swap.newChunks()) {
        int at = inputOfChunk[tables.chunks.find(key)];
        if (at != ReplicaTable.NONE) {
          builder.newSide(at, number);
        }
      }
      for (ChunkKey key : swap.oldChunks()) {
        Integer earlier = numbers.get(tables.swaps.pendingProducing(tables.chunks.find(key)));
        if (earlier != null) {
          builder.waitsFor(number, earlier);
        }
      }
    }
  }

  private void addWishes() {
    for (PlacementWish wish : tables.fleet.wishes) {
      int worker = inputOf(wish.worker());
      if (worker == ReplicaTable.NONE) {
        continue;
      }
      forEachMeant(
          wish,
          chunk -> {
            int at = inputOfChunk[chunk];
            if (at != ReplicaTable.NONE && wish.kind() == PlacementWish.Kind.PIN) {
              builder.pin(at, worker);
            } else if (at != ReplicaTable.NONE) {
              builder.ban(at, worker);
            }
          });
    }
  }

  private void forEachMeant(PlacementWish wish, IntConsumer visitor) {
    DatasetId dataset = wish.dataset();
    if (wish.chunkId().isPresent()) {
      int chunk = tables.chunks.find(new ChunkKey(dataset, wish.chunkId().get()));
      if (chunk >= 0) {
        visitor.accept(chunk);
      }
      return;
    }
    int number = tables.chunks.dataset(dataset);
    if (number >= 0) {
      tables.chunks.order(number).forEach(visitor);
    }
  }

  private void addAdvice(PlanningAdvice advice) {
    for (WorkerId id : advice.avoided()) {
      int worker = inputOf(id);
      if (worker != ReplicaTable.NONE) {
        builder.avoid(worker);
      }
    }
    for (PlanningAdvice.Intent intent : advice.intents()) {
      int chunk = tables.chunks.find(intent.chunk());
      int from = inputOf(intent.from());
      int to = inputOf(intent.to());
      boolean isKnown = chunk >= 0 && from != ReplicaTable.NONE && to != ReplicaTable.NONE;
      if (isKnown && inputOfChunk[chunk] != ReplicaTable.NONE) {
        builder.intent(inputOfChunk[chunk], from, to);
      }
    }
  }

  private int inputOf(WorkerId id) {
    int position = tables.workers.find(id);
    return position < 0 ? ReplicaTable.NONE : inputOfWorker[position];
  }

  /**
   * What was planned from.
   *
   * @param input for the planner
   * @param chunkOf the position of each chunk of the input
   * @param workerOf the position of each worker of the input
   * @param facts the chunks as they were then
   * @param version of all that planning depends on
   * @param tick that it was planned for
   */
  record Prepared(
      PlacementInput input,
      int[] chunkOf,
      int[] workerOf,
      ChunkFacts facts,
      long version,
      long tick) {}
}
