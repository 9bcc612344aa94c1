package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorers;
import dev.stowage.rebalance.MetricScorers.WorkerMetrics;
import dev.stowage.rebalance.RebalanceConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rebalancer and leveling do not undo each other: a fleet with a constant load rests. */
class ConstantLoadTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int TURN = 10;
  private static final int TURNS_A_HOUR = 3_600 / TURN;

  /** One chunk in one copy is too hot to move; its worker gives the others away, and keeps it. */
  @ParameterizedTest
  @ValueSource(ints = {12, 120})
  void fleet_withOneChunkTooHotToMove_rests(int chunks) {
    double[] reads = new double[chunks];
    Arrays.fill(reads, 240.0 / chunks);
    reads[0] = 950;
    assertThat(moves(3, reads, 0, TURNS_A_HOUR)).isLessThanOrEqualTo(chunks);
    assertThat(moves(3, reads, TURNS_A_HOUR, 2 * TURNS_A_HOUR)).isZero();
  }

  @Property(tries = 20, seed = "1")
  void fleet_withADrawnConstantLoad_rests(
      @ForAll @IntRange(min = 2, max = 5) int workers,
      @ForAll @IntRange(min = 2, max = 24) int chunks,
      @ForAll long seed) {
    Random draws = new Random(seed);
    double[] reads = new double[chunks];
    for (int chunk = 0; chunk < chunks; chunk++) {
      reads[chunk] = draws.nextInt(5) == 0 ? draws.nextInt(1_000) : draws.nextInt(2_000 / chunks);
    }
    assertThat(moves(workers, reads, 3 * TURNS_A_HOUR, 4 * TURNS_A_HOUR)).isZero();
  }

  /** Returns the moves between two turns of a fleet of 1,000 rated reads a worker. */
  private static int moves(int workers, double[] reads, int from, int until) {
    LifecycleConfig fleet =
        LifecycleConfig.builder().minReplication(1).drainWindowTicks(30).build();
    WorkerMetrics metrics = new WorkerMetrics();
    try (Stowage stowage =
        Stowage.builder(MemoryChunkStore.builder().fixedLineages().build())
            .config(StowageConfig.defaults().withFleet(fleet))
            .with(RebalanceConfig.defaults())
            .build()) {
      Rebalancing.of(stowage).scorers().install(MetricScorers.readLoad(metrics));
      stowage.claim(0);
      List<WorkerId> ids = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        ids.add(WorkerId.of("w" + worker));
        stowage.describe(Worker.of(ids.get(worker), 1_000_000_000), 0);
        stowage.register(ids.get(worker), "disk of w" + worker, 0);
      }
      Map<ChunkKey, Double> readsOf = new HashMap<>();
      List<Chunk> chunks = new ArrayList<>();
      for (int chunk = 0; chunk < reads.length; chunk++) {
        ChunkKey key = ChunkKey.of("d", "c" + chunk);
        readsOf.put(key, reads[chunk]);
        chunks.add(Chunk.of(key, BlockRange.of(chunk * 10L, chunk * 10L + 9), 1_000_000));
      }
      stowage.ingest(chunks, 0);
      Map<ChunkKey, WorkerId> at = new HashMap<>();
      int moves = 0;
      for (int turn = 0; turn < until; turn++) {
        long now = (turn * (long) TURN + 1) * SECOND;
        for (WorkerId id : ids) {
          report(metrics, id, at, readsOf);
        }
        stowage.schedule(now);
        ids.forEach(id -> fetch(stowage, id, now));
        stowage.publish(now);
        for (Chunk chunk : chunks) {
          List<WorkerId> routed =
              stowage.fleet().portalAssignment().route(chunk.key()).stream()
                  .flatMap(route -> route.workers().stream())
                  .toList();
          WorkerId known = at.get(chunk.key());
          if (!routed.isEmpty() && (known == null || !routed.contains(known))) {
            moves += known == null || turn < from ? 0 : 1;
            at.put(chunk.key(), routed.get(routed.size() - 1));
          }
        }
      }
      return moves;
    }
  }

  private static void report(
      WorkerMetrics metrics,
      WorkerId id,
      Map<ChunkKey, WorkerId> at,
      Map<ChunkKey, Double> readsOf) {
    Map<ChunkKey, Double> own = new HashMap<>();
    at.forEach((chunk, worker) -> {
      if (worker.equals(id)) {
        own.put(chunk, readsOf.get(chunk));
      }
    });
    double sum = own.values().stream().mapToDouble(Double::doubleValue).sum();
    metrics.report(id, WorkerMetrics.Report.idle(1_000_000_000).withReads(sum, 1_000), own);
  }

  private static void fetch(Stowage stowage, WorkerId id, long now) {
    Result.Registered known = stowage.register(id, "disk of " + id, now);
    stowage
        .fleet()
        .slice(id)
        .ifPresent(slice ->
            stowage.applied(
                new ReportHeader(id, known.incarnation(), known.lineage(), known.lastReport() + 1),
                slice.id(),
                List.of(),
                now));
  }
}
