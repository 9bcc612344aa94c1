package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorers;
import dev.stowage.rebalance.MetricScorers.WorkerMetrics;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.store.spi.FleetStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the rebalancing guide, run; and the guide, held against this file. */
class RebalancingGuideTest {
  @Test
  void guidesExample_movesTheHotChunk() {
    FleetStore store = MemoryChunkStore.builder().fixedLineages().build();
    LifecycleConfig fleet =
        LifecycleConfig.builder()
            .minReplication(1)
            .maxReplication(WeightPolicy.UNCAPPED)
            .placement(PlacementConfig.builder().saturation(0.001).build())
            .build();
    StowageConfig config = StowageConfig.defaults().withFleet(fleet);
    WorkerMetrics metrics = new WorkerMetrics();
    Stowage stowage =
        Stowage.builder(store).config(config).with(RebalanceConfig.defaults()).build();
    Rebalancing.of(stowage).scorers().install(MetricScorers.readLoad(metrics));
    stowage.claim(0);
    join(stowage, "w1");
    stowage.ingest(List.of(chunk("hot", 0), chunk("cold", 10)), 0);
    stowage.schedule(0);
    fetch(stowage, "w1");
    stowage.publish(0);
    join(stowage, "w2");
    metrics.report(WorkerId.of("w2"), WorkerMetrics.Report.idle(1_000_000).withReads(0, 1_000));
    metrics.report(
        WorkerId.of("w1"),
        WorkerMetrics.Report.idle(1_000_000).withReads(950, 1_000),
        Map.of(ChunkKey.of("d", "hot"), 700.0, ChunkKey.of("d", "cold"), 250.0));
    stowage.schedule(0);
    MoveExplanation why = Rebalancing.of(stowage).explain(ChunkKey.of("d", "hot"));
    Verdict verdict = why.verdict();
    String reason = why.reason();
    assertThat(verdict).as(reason).isEqualTo(Verdict.MOVE);
    assertThat(reason).contains("w1 scores 0.050000");
    stowage.close();
  }

  private static void join(Stowage stowage, String name) {
    stowage.describe(Worker.of(WorkerId.of(name), 1_000_000), 0);
    stowage.register(WorkerId.of(name), "disk of " + name, 0);
  }

  private static Chunk chunk(String id, long first) {
    return Chunk.of(ChunkKey.of("d", id), BlockRange.of(first, first + 9), 1_000);
  }

  private static void fetch(Stowage stowage, String name) {
    WorkerId worker = WorkerId.of(name);
    Result.Registered known = stowage.register(worker, "disk of " + name, 0);
    WorkerSlice slice = stowage.fleet().slice(worker).orElseThrow();
    ReportHeader header =
        new ReportHeader(worker, known.incarnation(), known.lineage(), known.lastReport() + 1);
    assertThat(stowage.applied(header, slice.id(), List.of(), 0).isAccepted()).isTrue();
  }
}
