package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example of the page on recordings; {@code SnippetsTest} holds the page against it. */
class ReplayGuideTest {
  @TempDir Path folder;

  @Test
  void guidesExample_run_recordsReplaysAndExplains() {
    List<String> lines = new ArrayList<>();
    Path file = folder.resolve("fleet.evidence");
    try (SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.ON_FLUSH);
        Stowage stowage = Stowage.builder(MemoryChunkStore.create()).with(sink).build()) {
      stowage.claim(0);
      for (String name : List.of("a", "b", "c")) {
        stowage.describe(Worker.of(WorkerId.of(name), 1 << 20), 0);
        stowage.register(WorkerId.of(name), "disk of " + name, 0);
      }
      stowage.ingest(List.of(Chunk.of(ChunkKey.of("logs", "mon"), BlockRange.of(0, 9), 100)), 0);
      stowage.schedule(0);
      stowage.publish(0);
    }
    try (EvidenceFile recording = EvidenceFile.open(file)) {
      recording.verify().verification().requireIntact();
      ReplayResult again =
          Replayer.run(
              recording.header(),
              recording.records(),
              EngineReplay.with(PlacementPlanner.sticky()));
      again.requireSame();
      for (Explained each :
          recording.explain(Subject.chunk(ChunkKey.of("logs", "mon")), EngineReplay.catalog())) {
        lines.add(each.toString());
      }
    }
    assertThat(lines).isNotEmpty().allMatch(line -> line.contains("COMMAND"));
    assertThat(linesOfReplay(file))
        .satisfiesExactly(
            line -> assertThat(line).matches("evidence   .*fleet\\.evidence: \\d+ records"),
            line -> assertThat(line).matches("chain      intact, head [0-9a-f]{64}"),
            line ->
                assertThat(line).matches("replayed   \\d+ inputs led to the same \\d+ outcomes"));
  }

  private static List<String> linesOfReplay(Path file) {
    StringWriter out = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(out), false, () -> 0);
    assertThat(StowageCommand.commandLine(console).execute("replay", file.toString())).isZero();
    return out.toString().lines().toList();
  }
}
