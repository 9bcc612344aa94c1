package dev.stowage.placement.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.columns.Avalanche;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.Fleets;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.placement.World;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ShardsTest {
  private static final int PIECES = 100;

  @Test
  void run_withHelpers_doesEachPieceOnce() {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
      Shards.run(PIECES, 4, pool, done::incrementAndGet);
      for (int piece = 0; piece < PIECES; piece++) {
        assertThat(done.get(piece)).isEqualTo(1);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void run_withAnExecutorThatHelpsNot_isDoneByTheCaller() {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException("busy");
        };
    Executor without =
        task -> {
          throw new OutOfMemoryError("no more threads");
        };
    for (Executor helpers : new Executor[] {refusing, without, task -> {}, Runnable::run}) {
      int[] done = new int[1];
      Shards.run(PIECES, 4, helpers, piece -> done[0]++);
      assertThat(done[0]).isEqualTo(PIECES);
    }
  }

  @Test
  void run_ofAPieceThatFails_saysSoOnceAllAreDone() {
    int[] done = new int[1];
    assertThatThrownBy(() ->
            Shards.run(
                PIECES,
                1,
                task -> {},
                piece -> {
                  done[0]++;
                  if (piece == 3) {
                    throw new IllegalArgumentException("piece 3");
                  }
                }))
        .hasMessage("piece 3");
    assertThat(done[0]).isEqualTo(PIECES);
  }

  @Test
  void plan_ofALargeInput_isTheSameWithAnyNumberOfThreads() {
    PlacementPlan alone = PlacementPlanner.sticky().plan(large(1));
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      for (int threads = 2; threads <= 4; threads++) {
        PlacementPlan together = PlacementPlanner.sticky(pool).plan(large(threads));
        assertThat(together.planHash()).isEqualTo(alone.planHash());
        assertThat(together.figures()).isEqualTo(alone.figures());
      }
    } finally {
      pool.shutdown();
    }
  }

  /** Enough chunks for several shards: some short, some in excess, some on a leaving worker. */
  private static PlacementInput large(int threads) {
    SplittableRandom random = new SplittableRandom(5);
    PlacementConfig config = PlacementConfig.builder().threads(threads).build();
    PlacementInputBuilder input = PlacementInput.builder(config);
    for (int worker = 0; worker < 20; worker++) {
      input.addWorker(
          Fleets.worker(worker, 40_000)
              .withStatus(worker == 7 ? WorkerStatus.LEAVING : WorkerStatus.ACTIVE));
    }
    for (int chunk = 0; chunk < 20_000; chunk++) {
      input.addChunk(Avalanche.of(chunk), 1 + random.nextInt(10));
      input.set(chunk, ChunkColumn.WEIGHT, 1 + chunk % 3);
      input.set(chunk, ChunkColumn.FLOOR, 2).set(chunk, ChunkColumn.CAP, WeightPolicy.UNCAPPED);
      input.bits(chunk, random.nextInt(50) == 0 ? 0 : World.SEEN);
      for (int worker = random.nextInt(9); worker < 20; worker += 6 + random.nextInt(6)) {
        input.replica(chunk, worker, random.nextInt(30) == 0 ? ReplicaBits.SUPERSEDED : World.HELD);
      }
    }
    return input.build();
  }
}
