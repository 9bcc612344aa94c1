package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.rebalance.MetricScorers;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.WorkerMetrics;
import dev.stowage.store.ChunkStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of the rebalancing guide, run; and the guide, held against this file. */
class RebalancingGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "rebalancing.md");
  private static final Path SELF =
      Path.of("src/test/java/dev/stowage/storage/memory/RebalancingGuideTest.java");
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("<!-- snippet: rebalancing-.*?```java\\n(.*?)```", Pattern.DOTALL);

  @Test
  void guidesExample_movesTheHotChunk() {
    ChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
    LifecycleConfig fleet =
        LifecycleConfig.builder()
            .minReplication(1)
            .maxReplication(WeightPolicy.UNCAPPED)
            .placement(PlacementConfig.builder().saturation(0.001).build())
            .build();
    StowageConfig config = StowageConfig.defaults().withFleet(fleet);
    WorkerMetrics metrics = new WorkerMetrics();
    Stowage stowage =
        Stowage.builder(store).config(config).rebalancing(RebalanceConfig.defaults()).build();
    stowage.rebalancing().scorers().install(MetricScorers.readLoad(metrics));
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
    MoveExplanation why = stowage.rebalancing().explain(ChunkKey.of("d", "hot"));
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

  @Test
  void everyJavaBlockOfTheGuide_isCompiledHere() throws IOException {
    String source = withoutSpace(Files.readString(SELF, StandardCharsets.UTF_8));
    Matcher blocks = JAVA_BLOCK.matcher(Files.readString(GUIDE, StandardCharsets.UTF_8));
    int found = 0;
    while (blocks.find()) {
      found++;
      assertThat(source).contains(withoutSpace(blocks.group(1)));
    }
    assertThat(found).isEqualTo(3);
  }

  /** Where lines break is the formatter's business. */
  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
