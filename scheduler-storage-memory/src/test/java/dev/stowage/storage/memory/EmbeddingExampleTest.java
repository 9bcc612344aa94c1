package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the README, word by word, compiled and run. */
class EmbeddingExampleTest {
  private static final String SNIPPET = "embedding-example";
  private static final int MAX_LINES = 40;

  @Test
  void example_ofTheReadme_runs() {
    // snippet: embedding-example
    Route route;
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).build()) {
      long now = 0; // nanoseconds since an epoch of your choice: Stowage reads no clock
      stowage.claim(now); // this process leads the fleet; others may follow

      var reports = new ArrayList<ReportHeader>();
      for (String name : List.of("mirror-1", "mirror-2", "mirror-3")) {
        var worker = WorkerId.of(name);
        stowage.describe(Worker.of(worker, 1L << 30), now);
        var life = stowage.register(worker, "the id on the disk of " + name, now);
        reports.add(new ReportHeader(worker, life.incarnation(), life.lineage(), 1));
      }

      var chunk = Chunk.of(ChunkKey.of("logs", "2026-11-20"), BlockRange.of(0, 99), 1 << 20);
      stowage.ingest(List.of(chunk), now); // accepted, duplicate, overlap, ...
      stowage.schedule(now); // decides who shall hold it

      for (ReportHeader report : reports) {
        var slice = stowage.fleet().slice(report.worker()).orElseThrow();
        // here the worker deletes what the slice does not name, and downloads what it does
        stowage.applied(report, slice.id(), List.of(), now); // none is missing
      }

      stowage.publish(now); // only now readers see it
      route = stowage.fleet().portalAssignment().route(DatasetId.of("logs"), 42).orElseThrow();
    }
    // end: embedding-example

    assertThat(route.key()).isEqualTo(ChunkKey.of("logs", "2026-11-20"));
    assertThat(route.workers()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void snippet_inTheReadme_isTheSourceOfThisTest() throws IOException {
    List<String> source =
        between(
            read("scheduler-storage-memory/src/test/java/dev/stowage/storage/memory")
                .resolve("EmbeddingExampleTest.java"),
            "// snippet: " + SNIPPET,
            "// end: " + SNIPPET);
    List<String> readme =
        between(read("README.md"), "<!-- snippet: " + SNIPPET, "<!-- end: " + SNIPPET);
    assertThat(readme.subList(1, readme.size() - 1)).isEqualTo(stripped(source));
    assertThat(source).hasSizeLessThanOrEqualTo(MAX_LINES);
  }

  /** Tests run in the module's folder or, from an editor, in the repository's. */
  private static Path read(String inRepository) {
    Path beside = Path.of("..").resolve(inRepository);
    return Files.exists(beside) ? beside : Path.of(inRepository);
  }

  private static List<String> between(Path file, String begin, String end) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    int from = indexOf(lines, begin);
    int to = indexOf(lines, end);
    return lines.subList(from + 1, to);
  }

  private static int indexOf(List<String> lines, String marker) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith(marker)) {
        return i;
      }
    }
    throw new AssertionError("no line begins with " + marker);
  }

  private static List<String> stripped(List<String> lines) {
    return lines.stream().map(line -> line.startsWith("    ") ? line.substring(4) : line).toList();
  }
}
