package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorers;
import dev.stowage.rebalance.MetricScorers.WorkerMetrics;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Readers discover the chunks of one worker. It cools down below the floor of its score, in about
 * as few moves as there can be, while the oracles of the world watch every copy.
 */
class HotWorkerTest {
  private static final int WORKERS = 10;
  private static final int CHUNKS = 200;
  private static final long CHUNK_BYTES = 1_000;
  private static final double RATED = 1_000;
  private static final WorkerId HOT = WorkerId.of("w0");

  private final Map<ChunkKey, Double> readsOfChunk = new HashMap<>();
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final List<MoveIntent> moves = new ArrayList<>();
  private final MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
  private Stowage fleet = facade("first");
  private final World world =
      new World(fleet, new WorldSettings(1, 3, 10, 2), Chance.ofSeed(1), () -> 0);

  private Stowage facade(String holder) {
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(3)
            .lineagePauseTicks(3)
            .placement(PlacementConfig.builder().saturation(0.001).build())
            .build();
    return Stowage.builder(store)
        .config(
            StowageConfig.defaults()
                .withFleet(config)
                .withAudit(AuditLevel.CYCLES)
                .withHolder(holder))
        .with(RebalanceConfig.defaults())
        .build();
  }

  private record Outcome(double before, double after, List<Double> shares, int rounds) {}

  @Test
  void hotWorker_coolsDown_inFewMoves() {
    Outcome run = run(false);
    int best = fewest(run.shares, run.before - .5);
    System.out.printf(
        Locale.ROOT,
        "hot worker: load %.3f -> %.3f of rated, hottest of all then %.3f; %d moves, %d bytes in %d"
            + " rounds; at least %d moves, %d bytes bring it to the floor, %d moves to where it"
            + " is%n",
        run.before,
        run.after,
        Collections.max(loads().values()),
        moves.size(),
        moves.stream().mapToLong(MoveIntent::sizeBytes).sum(),
        run.rounds,
        best,
        best * CHUNK_BYTES,
        fewest(run.shares, run.before - run.after));
    assertThat(run.after).as("no chunk of it scores below the floor").isLessThanOrEqualTo(.5);
    assertThat(Collections.max(loads().values())).as("nobody else got hot").isLessThan(.7);
    assertThat(moves).hasSizeLessThanOrEqualTo(best + 2);
    assertSound();
  }

  @Test
  void leaderChangeInMidMove_changesNoMove() {
    HotWorkerTest undisturbed = new HotWorkerTest();
    undisturbed.run(false);
    run(true);
    assertThat(moves).isNotEmpty().isEqualTo(undisturbed.moves);
    assertSound();
  }

  private void assertSound() {
    assertThat(world.violations()).isEmpty();
    assertThat(fleet.audit()).isEmpty();
    fleet.close();
  }

  /** Readers discover what lies on the hot worker; until nothing moves any more. */
  private Outcome run(boolean changesLeader) {
    lead();
    settleFleet();
    List<ChunkKey> discovered = chunksOn(HOT);
    discovered.forEach(chunk -> readsOfChunk.put(chunk, 4.0));
    Collections.sort(discovered);
    for (int i = 0; i < 6; i++) {
      readsOfChunk.put(discovered.get(i), 280.0);
    }
    double before = loads().get(HOT);
    List<Double> shares = sharesOn(HOT);
    assertThat(before).as("it begins hot").isGreaterThan(.85);
    boolean isChanged = !changesLeader;
    int rounds = 0;
    for (int quiet = 0; quiet < 20 && rounds < 400; rounds++) {
      quiet = round() ? 0 : quiet + 1;
      if (!isChanged && Rebalancing.of(fleet).moves().stream().anyMatch(MoveRecord::isInFlight)) {
        fleet.resign();
        fleet.close();
        fleet = facade("second");
        world.ledBy(fleet);
        lead();
        isChanged = true;
      }
    }
    assertThat(isChanged).isTrue();
    return new Outcome(before, loads().get(HOT), shares, rounds);
  }

  private void lead() {
    assertThat(fleet.claim(world.nowNanos()).granted()).isTrue();
    Rebalancing.of(fleet).scorers().install(MetricScorers.readLoad(metrics));
  }

  private void settleFleet() {
    for (int worker = 0; worker < WORKERS; worker++) {
      world.join(
          Worker.of(WorkerId.of("w" + worker), 100 * CHUNK_BYTES).withDownlink(10 * CHUNK_BYTES));
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      ChunkKey key = ChunkKey.of("d", String.format(Locale.ROOT, "c%03d", i));
      chunks.add(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), CHUNK_BYTES));
      readsOfChunk.put(key, 2.0);
    }
    fleet.ingest(chunks, world.nowNanos());
    for (int quiet = 0; quiet < 8; ) {
      quiet = round() ? 0 : quiet + 1;
    }
    assertThat(moves).as("a fleet at ease is left alone").isEmpty();
  }

  /** Workers report, a round passes; whether anything happened in it. */
  private boolean round() {
    Map<WorkerId, Map<ChunkKey, Double>> reads = reads();
    for (int worker = 0; worker < WORKERS; worker++) {
      WorkerId id = WorkerId.of("w" + worker);
      Map<ChunkKey, Double> served = reads.getOrDefault(id, Map.of());
      double sum = served.values().stream().mapToDouble(rate -> rate).sum();
      metrics.report(
          id, WorkerMetrics.Report.idle(100 * CHUNK_BYTES).withReads(sum, RATED), served);
    }
    Round round = world.round();
    RebalancePass pass = Rebalancing.of(fleet).lastPass().orElseThrow();
    moves.addAll(pass.moves());
    return !round.isQuiet() || !pass.moves().isEmpty();
  }

  /** Reads of a chunk go in equal parts to those that portals ask for it. */
  private Map<WorkerId, Map<ChunkKey, Double>> reads() {
    Map<WorkerId, Map<ChunkKey, Double>> reads = new TreeMap<>();
    for (Route route : fleet.fleet().portalAssignment().routes()) {
      for (WorkerId worker : route.workers()) {
        reads
            .computeIfAbsent(worker, id -> new TreeMap<>())
            .put(route.key(), readsOfChunk.getOrDefault(route.key(), 0.0) / route.workers().size());
      }
    }
    return reads;
  }

  private Map<WorkerId, Double> loads() {
    Map<WorkerId, Double> loads = new TreeMap<>();
    reads()
        .forEach((worker, served) ->
            loads.put(worker, served.values().stream().mapToDouble(rate -> rate).sum() / RATED));
    return loads;
  }

  private List<ChunkKey> chunksOn(WorkerId worker) {
    return new ArrayList<>(reads().getOrDefault(worker, Map.of()).keySet());
  }

  private List<Double> sharesOn(WorkerId worker) {
    return new ArrayList<>(reads().getOrDefault(worker, Map.of()).values());
  }

  /** The fewest chunks that carry this much of the load: the greatest ones. */
  private static int fewest(List<Double> shares, double shed) {
    List<Double> greatest = new ArrayList<>(shares);
    greatest.sort(Collections.reverseOrder());
    double sum = 0;
    int count = 0;
    while (sum / RATED < shed - 1e-9 && count < greatest.size()) {
      sum += greatest.get(count++);
    }
    return count;
  }
}
