package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example of the README, word by word, compiled and run. */
class EmbeddingExampleTest {
  private static final String SNIPPET = "embedding-example";
  private static final int MAX_LINES = 40;

  @Test
  void example_ofTheReadme_runs() {
    Route route = EmbeddingExample.run();
    assertThat(route.key()).isEqualTo(ChunkKey.of("logs", "2026-11-20"));
    assertThat(route.workers()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void snippet_inTheReadme_isTheSourceOfThisTest() throws IOException {
    Path file =
        read("scheduler-storage-memory/src/test/java/dev/stowage/storage/memory")
            .resolve("EmbeddingExample.java");
    List<String> source = between(file, "// snippet: " + SNIPPET, "// end: " + SNIPPET);
    List<String> wanted = new ArrayList<>(imports(file));
    wanted.add("");
    wanted.addAll(stripped(source));
    List<String> readme =
        between(read("README.md"), "<!-- snippet: " + SNIPPET, "<!-- end: " + SNIPPET);
    assertThat(readme.subList(1, readme.size() - 1)).isEqualTo(wanted);
    assertThat(source).hasSizeLessThanOrEqualTo(MAX_LINES);
  }

  /** Returns what a class of another package imports in order to run the example. */
  private static List<String> imports(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    return Stream.concat(
            Stream.of("import " + MemoryChunkStore.class.getName() + ";"),
            lines.stream().filter(line -> line.startsWith("import ")))
        .sorted()
        .toList();
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
