package dev.stowage.lifecycle.planning;

import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.FleetFields;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WishIndex;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Translates all tables into the input of a planner without an index, and its plan back. */
final class PlanningInput implements Prepared.Source {
  private final Tables tables;
  private final PlannedRows rows;
  private final PlacementPlanner planner;
  private final PlacementInputBuilder builder;
  private final PlacementInput input;
  private final int[] inputOfWorker;
  private final int[] inputOfChunk;
  private final int[] workerOfInput;
  private final int[] chunkOfInput;
  private final long goodUntil;

  PlanningInput(
      Tables tables, PlannedRows rows, PlanningAdvice advice, PlacementPlanner planner, long tick) {
    this.tables = tables;
    this.rows = rows;
    this.planner = planner;
    builder = PlacementInput.builder(rows.config());
    inputOfWorker = new int[tables.workers.limit()];
    inputOfChunk = new int[tables.chunks.limit()];
    workerOfInput = new int[tables.workers.limit()];
    chunkOfInput = new int[tables.chunks.count()];
    Arrays.fill(inputOfWorker, ReplicaTable.NONE);
    Arrays.fill(inputOfChunk, ReplicaTable.NONE);
    addWorkers();
    goodUntil = addChunks();
    addSwaps();
    addWishes();
    addAdvice(advice);
    FleetFields fleet = tables.fleet;
    for (FleetRow.Factor factor : fleet.factors) {
      int pool = builder.eligibility(factor.eligibility());
      builder.previousFactor(pool, factor.weight(), factor.millionths());
    }
    builder.movementDebt(fleet.debtBytes, fleet.debtReplicas);
    if (fleet.frozen) {
      builder.freeze();
    }
    if (fleet.isPaused(tick)) {
      builder.holdDeletions();
    }
    input = builder.build();
  }

  @Override
  public PlacementPlan plan() {
    return planner.plan(input);
  }

  @Override
  public int chunk(int number) {
    return chunkOfInput[number];
  }

  @Override
  public int worker(int number) {
    return workerOfInput[number];
  }

  @Override
  public int numberOfChunk(int position) {
    return position >= 0 && position < inputOfChunk.length
        ? inputOfChunk[position]
        : ReplicaTable.NONE;
  }

  @Override
  public int numberOfWorker(int position) {
    return position >= 0 && position < inputOfWorker.length
        ? inputOfWorker[position]
        : ReplicaTable.NONE;
  }

  @Override
  public long goodUntil() {
    return goodUntil;
  }

  private void addWorkers() {
    for (int position : tables.workers.order()) {
      Worker worker = rows.worker(position);
      if (worker != null) {
        inputOfWorker[position] = builder.addWorker(worker);
        workerOfInput[inputOfWorker[position]] = position;
      }
    }
  }

  private long addChunks() {
    builder.expectReplicas(tables.replicas.count());
    Map<Eligibility, Integer> constraints = new HashMap<>();
    long[] next = {Long.MAX_VALUE};
    tables.chunks.forEachCanonically(chunk -> {
      if (rows.isPlanned(chunk)) {
        next[0] = Math.min(next[0], addChunk(chunk, constraints));
      }
    });
    return next[0];
  }

  private long addChunk(int chunk, Map<Eligibility, Integer> constraints) {
    ChunkFacts facts = tables.chunks.facts;
    int at = builder.addChunk(facts.hash(chunk), facts.sizeBytes(chunk));
    chunkOfInput[at] = chunk;
    inputOfChunk[chunk] = at;
    builder.weight(at, tables.rules.weight(chunk));
    builder.floor(at, rows.floor(chunk));
    builder.cap(at, tables.rules.cap(chunk));
    builder.admitted(at, tables.chunks.admitted(chunk));
    Eligibility constraint = tables.rules.eligibility(chunk);
    if (!constraint.equals(Eligibility.ANY)) {
      builder.eligibility(at, constraints.computeIfAbsent(constraint, builder::eligibility));
    }
    builder.bits(at, rows.chunkBits(chunk));
    builder.recentlyLost(at, rows.recentlyLost(chunk));
    long next = Long.MAX_VALUE;
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      int worker = inputOfWorker[tables.replicas.worker(slot)];
      if (worker != ReplicaTable.NONE && rows.isHeld(slot)) {
        builder.replica(at, worker, rows.replicaBits(slot));
        next = Math.min(next, rows.nextChange(slot));
      }
    }
    return next;
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
      WishIndex.forEachMeant(
          wish,
          tables,
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
    for (PlanningAdvice.Score score : advice.scores()) {
      int at = numberOfChunk(tables.chunks.find(score.chunk()));
      int worker = inputOf(score.worker());
      if (at != ReplicaTable.NONE && worker != ReplicaTable.NONE) {
        builder.score(at, worker, score.micros());
      }
    }
  }

  private int inputOf(WorkerId id) {
    int position = tables.workers.find(id);
    return position < 0 ? ReplicaTable.NONE : inputOfWorker[position];
  }
}
