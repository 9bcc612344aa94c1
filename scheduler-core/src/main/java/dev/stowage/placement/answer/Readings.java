package dev.stowage.placement.answer;

import dev.stowage.columns.Avalanche;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.PairSet;
import dev.stowage.shape.Shape;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * Digests what a planner read, for the parts of the hash of its plan: settings, workers, chunks,
 * wishes and advice, assigned replicas. Possession, routes, windows and ticks count by what they
 * decide: they change while an operator reads. A chunk and its workers are folded to 64 bits.
 */
public final class Readings {
  private static final int CHUNK_BITS = ChunkBits.PINNED | ChunkBits.COOLING | ChunkBits.ENDING;

  private final FlatInput input;
  private final Board board;
  private final long[] constraints;

  public Readings(Board board) {
    this.board = board;
    input = board.input;
    constraints = new long[input.pools.size()];
    for (int at = 0; at < constraints.length; at++) {
      constraints[at] = Shape.of(PoolKey.class).digest(input.pools.get(at));
    }
  }

  public PlanDigest settings() {
    return new PlanDigest()
        .add(Shape.of(PlacementConfig.class).digest(configInForce()))
        .add(input.frozen ? 1 : 0)
        .add(input.deletionsHeld ? 1 : 0)
        .add(input.debtBytes)
        .add(input.debtReplicas)
        .add(factors());
  }

  public PlanDigest workers() {
    PlanDigest digest = new PlanDigest().add(input.workerOrder.length);
    for (int at : input.workerOrder) {
      Worker worker = input.workers[at];
      digest
          .add(worker.id().value())
          .add(Shape.of(Worker.Description.class).digest(worker.description()));
      digest.add(worker.status());
      worker.replacedBy().ifPresent(by -> digest.add(by.value()));
    }
    return digest;
  }

  public PlanDigest chunks() {
    return sum(this::of);
  }

  /** Returns the wishes and the advice. */
  public PlanDigest wishes() {
    PlanDigest digest = new PlanDigest().add(pairs(input.pins)).add(pairs(input.bans));
    digest.add(input.intents.count());
    for (int at = 0; at < input.intents.count(); at++) {
      digest.add(board.chunks.keyHash[input.intents.chunk()[at]]);
      digest.add(board.fleet.hash[input.intents.from()[at]]);
      digest.add(board.fleet.hash[input.intents.to()[at]]);
    }
    long scores = 0;
    for (int at = 0; at < input.scores.pairs().length; at++) {
      scores += folded(pair(input.scores.pairs()[at]), input.scores.micros()[at]);
    }
    digest.add(scores);
    for (int at : input.workerOrder) {
      digest.add(input.avoided[at] ? 1 : 0);
    }
    for (int worker : input.relieved) {
      digest.add(board.fleet.hash[worker]);
    }
    return digest;
  }

  /**
   * Returns the number of chunks and two sums of a fold of each, in the order in which they lie, as
   * the canonical one jumps about.
   */
  public PlanDigest sum(IntToLongFunction fold) {
    long count = 0;
    long sum = 0;
    long other = 0;
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      if (board.chunks.exists(chunk)) {
        long each = fold.applyAsLong(chunk);
        count++;
        sum += each;
        other += folded(each, board.chunks.keyHash[chunk]);
      }
    }
    return new PlanDigest().add(count).add(sum).add(other);
  }

  // A level that no zone has limits nothing.
  private PlacementConfig configInForce() {
    return input.config.toBuilder()
        .maxPerDomain(new TreeMap<>(input.config.maxPerDomain()).headMap(levels(input.workers) + 1))
        .build();
  }

  /** Returns the most levels of any worker's zone; null entries are free positions. */
  public static int levels(Worker[] workers) {
    int levels = 0;
    for (Worker worker : workers) {
      if (worker != null && !worker.zone().equals(worker.id().value())) {
        levels = Math.max(levels, worker.zone().split("/", -1).length);
      }
    }
    return levels;
  }

  // Sums, as positions are numbered differently in a file and in an index.
  private long pairs(long[] pairs) {
    long sum = 0;
    for (long each : pairs) {
      sum += pair(each);
    }
    return sum;
  }

  private long pair(long pair) {
    return folded(
        board.chunks.keyHash[PairSet.chunkOf(pair)], board.fleet.hash[PairSet.workerOf(pair)]);
  }

  private long factors() {
    long[] sum = {0};
    input.previous.forEach((constraint, weight, millionths) ->
        sum[0] += folded(folded(constraint < 0 ? 0 : constraints[constraint], weight), millionths));
    return sum[0];
  }

  private long of(int chunk) {
    long fold = folded(board.chunks.keyHash[chunk], board.chunks.size[chunk]);
    fold = folded(fold, (long) board.chunks.weight(chunk) << 32 | board.chunks.floor(chunk));
    fold = folded(fold, board.chunks.cap(chunk));
    fold = folded(fold, board.chunks.bits[chunk] & CHUNK_BITS);
    fold = folded(fold, constraints[board.chunks.pool(chunk)]);
    return folded(fold, board.chunks.recentlyLost(chunk));
  }

  /** Returns the workers that a chunk was assigned to. */
  public long holders(int chunk) {
    long fold = board.chunks.keyHash[chunk];
    for (int at = input.held.begin(chunk); at < input.held.end(chunk); at++) {
      if ((input.held.bits()[at] & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED) {
        fold = folded(fold, board.fleet.rank[input.held.worker()[at]]);
      }
    }
    return folded(fold, -1);
  }

  /** Returns {@code fold} with another value, in a way that depends on their order. */
  public static long folded(long fold, long value) {
    return Avalanche.of(Long.rotateLeft(fold, 17) * 31 ^ value);
  }
}
