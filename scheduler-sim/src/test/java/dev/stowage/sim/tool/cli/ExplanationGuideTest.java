package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.answer.Explanation;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of the page on operating, given again; and the page, held against this file. */
class ExplanationGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "operating.md");
  private static final Path PLANNING = Path.of("..", "docs", "plan.md");
  private static final Path SELF =
      Path.of("src", "test", "java", "dev", "stowage", "sim", "tool", "cli")
          .resolve("ExplanationGuideTest.java");
  private static final Pattern BLOCK = Pattern.compile("```[a-z]*\\n(.*?)```", Pattern.DOTALL);

  /** The answer about a chunk that finds no room. */
  private static final String DEFERRED =
      """
      logs/thu
        879 KiB, weight 1, floor 2, target 2, in at least 2 zones, new
        deferred: 2 replicas missing, no room is left on the workers that may hold it, and nothing may give way (no_room); \
      3 workers may hold it, the most room on one without it is 1.14 MiB; \
      it would help to have 879 KiB free on each of 2 more active workers
        elsewhere: 2 workers (mirror-1, mirror-2) have no room for it; the most on one is 195 KiB
        elsewhere: 1 worker (mirror-3) has room, and is not needed
        the next worker to be given it would be mirror-3: 1.14 MiB free, 260 KiB above its water level
      """;

  @TempDir Path folder;

  @Test
  void shortPlacement_isExplained() throws IOException {
    Matcher blocks = BLOCK.matcher(text(PLANNING));
    PlanRunner stowage = new PlanRunner(folder);
    for (String name : List.of("workers.csv", "chunks.csv", "plan.yaml")) {
      assertThat(blocks.find()).isTrue();
      stowage.write(name, blocks.group(1));
    }
    String config = stowage.at("plan.yaml");
    assertThat(stowage.plan("step1", "--config", config)).isEqualTo(ExitCode.OK);
    String line = "logs,thu,300,399,900000,1,false";
    stowage.write("chunks.csv", Files.readString(folder.resolve("chunks.csv")) + line + "\n");
    String held = folder.resolve("step1").resolve("next_held.csv").toString();
    assertThat(stowage.plan("step2", "--config", config, "--held", held)).isEqualTo(4);
    stowage.run(List.of("explain", stowage.at("step2"), "logs/thu"));
    assertThat(stowage.out()).isEqualTo(DEFERRED);
    assertThat(stowage.text("step2", "actions.csv")).contains("makes_room");
    String placed = folder.resolve("step2").resolve("next_held.csv").toString();
    stowage.plan("step3", "--config", config, "--held", placed);
    assertThat(stowage.rows("step3", "actions.csv"))
        .anyMatch(row -> row.startsWith("add,logs,thu"));
  }

  @Test
  void wait_isExplainedAsThePageSays() throws IOException {
    try (Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "host")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(1_000, "mirror-1", "mirror-2", "mirror-3");
      fleet.ingest(Chunk.of(ChunkKey.of("logs", "mon"), BlockRange.of(0, 99), 300));
      stowage.schedule(fleet.now());
      fleet.fetch("mirror-1");
      stowage.publish(fleet.now());
      // snippet: explanation-unseen
      Explanation unseen = stowage.whyNotVisible(ChunkKey.of("logs", "mon"));
      // end: explanation-unseen
      assertShown(unseen);

      fleet.fetch().pass(1);
      stowage.publish(fleet.now());
      assertThat(stowage.whyNotVisible(ChunkKey.of("logs", "mon")).lines()).isEmpty();
      assertThat(stowage.audit()).isEmpty();
    }
  }

  private static void assertShown(Explanation answer) throws IOException {
    String lines = answer.subject() + "\n  " + String.join("\n  ", answer.lines()) + "\n";
    assertThat(text(GUIDE)).contains("```\n" + lines + "```");
  }

  @Test
  void javaBlockOfTheGuide_isASnippetOfThisTest() throws IOException {
    String shown = between(text(GUIDE), "<!-- snippet: explanation-unseen", "<!-- end: ");
    String block = shown.substring(shown.indexOf("```java") + 7, shown.lastIndexOf("```"));
    String code = between(text(SELF), "// snippet: explanation-unseen", "// end: ");
    assertThat(withoutSpace(code)).isNotEmpty().isEqualTo(withoutSpace(block));
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf('\n', text.indexOf(begin));
    return text.substring(from, text.indexOf(end, from));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Where lines break is the formatter's business. */
  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
