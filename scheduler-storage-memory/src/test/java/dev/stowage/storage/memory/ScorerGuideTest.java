package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.store.spi.FleetStore;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

/** The examples of the page on scorers, run; and the page, held against this file. */
class ScorerGuideTest {
  static final class QueueScorer implements PlacementScorer {
    private static final double LONGEST = 64;
    private final ConcurrentSkipListMap<WorkerId, Integer> queues = new ConcurrentSkipListMap<>();

    void report(WorkerId worker, int requests) {
      queues.put(worker, requests);
    }

    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      Integer requests = queues.get(worker);
      return requests == null
          ? OptionalDouble.empty() // no report, no opinion
          : OptionalDouble.of(Math.max(0, 1 - requests / LONGEST));
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      return queues.keySet().stream()
          .filter(worker -> !excluded.contains(worker))
          .min(Comparator.comparing(queues::get))
          .map(worker -> new Alternative(worker, score(chunk, worker).orElseThrow()));
    }

    @Override
    public OptionalLong nodeFingerprint(WorkerId worker) {
      return OptionalLong.of(queues.getOrDefault(worker, -1));
    }
  }

  @Test
  void scorer_movesAChunkToTheShorterQueue() {
    FleetStore store = MemoryChunkStore.builder().fixedLineages().build();
    LifecycleConfig settings =
        LifecycleConfig.builder()
            .minReplication(1)
            .maxReplication(WeightPolicy.UNCAPPED)
            .placement(PlacementConfig.builder().saturation(0.001).build())
            .build();
    StowageConfig config = StowageConfig.defaults().withFleet(settings);

    QueueScorer scorer = new QueueScorer();
    Stowage stowage =
        Stowage.builder(store).config(config).with(RebalanceConfig.defaults()).build();
    Rebalancing.of(stowage).scorers().install(scorer);

    SmallFleet fleet = new SmallFleet(stowage);
    stowage.claim(fleet.now());
    fleet.join(1_000_000, "w1").ingest(SmallFleet.chunk("hot", 0)).settle();
    fleet.join(1_000_000, "w2");
    scorer.report(WorkerId.of("w1"), 60);
    scorer.report(WorkerId.of("w2"), 4);
    stowage.schedule(fleet.now());
    MoveExplanation why = Rebalancing.of(stowage).explain(SmallFleet.key("hot"));
    assertThat(why.verdict()).as(why.reason()).isEqualTo(Verdict.MOVE);
    assertThat(why.reason()).contains("w1 scores 0.062500");
    fleet.settle();
    assertThat(Rebalancing.of(stowage).moves()).hasSize(1);
    stowage.close();
  }
}
