package dev.stowage.benchmarks.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.ScoredChunk;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.passes.Rebalancer;
import dev.stowage.rebalance.tables.LedChunk;
import dev.stowage.rebalance.tables.WorkerFacts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** A rebalancer that leads many chunks of three holders each, under a trivial scorer. */
final class LedFleet {
  private static final int HOLDERS = 3;

  private final Trivial scorer = new Trivial();
  private final Rebalancer rebalancer;
  private final SplittableRandom random = new SplittableRandom(1);
  private final DatasetId dataset = DatasetId.of("d");
  private final int chunks;
  private final int workers;
  private long tick = 1;

  /** A scorer to which every holder is equally good; the fingerprint of workers is a counter. */
  private static final class Trivial implements PlacementScorer {
    private static final OptionalDouble GOOD = OptionalDouble.of(.8);
    private long version;

    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      return GOOD;
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      return Optional.empty();
    }

    @Override
    public OptionalLong nodeFingerprint(WorkerId worker) {
      return OptionalLong.of(version);
    }
  }

  LedFleet(int chunks, int workers) {
    this.chunks = chunks;
    this.workers = workers;
    ScorerRegistry scorers = new ScorerRegistry();
    scorers.install(scorer);
    Duration second = Duration.ofSeconds(1);
    rebalancer = new Rebalancer(RebalanceConfig.defaults(), scorers, new AvoidList(second), second);
    for (int worker = 0; worker < workers; worker++) {
      WorkerId id = WorkerId.of("worker-" + worker);
      rebalancer.worker(worker, WorkerFacts.of(Worker.of(id, Long.MAX_VALUE)));
    }
    for (int chunk = 0; chunk < chunks; chunk++) {
      tell(chunk);
    }
  }

  private void tell(int chunk) {
    int first = random.nextInt(workers);
    int[] holders = new int[HOLDERS];
    for (int i = 0; i < HOLDERS; i++) {
      holders[i] = (first + i * 7) % workers;
    }
    rebalancer.chunk(
        chunk,
        LedChunk.of(
            new ChunkKey(dataset, "chunk-" + chunk),
            new ChunkNumber(Lineage.of(7), chunk + 1L),
            1 << 20,
            holders));
  }

  void change(int count) {
    for (int i = 0; i < count; i++) {
      tell(random.nextInt(chunks));
    }
  }

  void changeEverything() {
    scorer.version++;
  }

  void waits(long seconds) {
    tick += seconds;
  }

  RebalancePass pass() {
    return rebalancer.pass(Tick.of(tick));
  }
}
