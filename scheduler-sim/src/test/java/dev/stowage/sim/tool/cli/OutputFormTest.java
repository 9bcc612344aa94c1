package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code --json} and {@code --quiet}, which every command has. */
class OutputFormTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @TempDir static Path folder;
  private static PlanRunner stowage;

  @BeforeAll
  static void writeFiles() {
    stowage = new PlanRunner(folder);
    stowage.write("workers.csv", "worker_id,capacity_bytes\na,1000\nb,1000\n");
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes\nd,x,0,9,10\nd,y,10,19,10\n");
    stowage.write("story.txt", "worker a capacity=1GB\nschedule\n");
    stowage.write("wrong.txt", "worker a capacity=1GB\nexpect visible d x\n");
    stowage.write("copies.csv", "dataset,chunk_id,worker_id\nd,x,a\n");
    run("plan --workers @workers.csv --chunks @chunks.csv --out @step");
    run("scenario @story.txt --record @story.evidence");
  }

  /** Runs a line of words; {@code @name} is a file of the folder. */
  private static int run(String line, String... more) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" +")) {
      words.add(word.startsWith("@") ? stowage.at(word.substring(1)) : word);
    }
    words.addAll(List.of(more));
    return stowage.run(words);
  }

  private static void walk(CommandLine line, List<CommandLine> all) {
    all.add(line);
    line.getSubcommands().values().forEach(each -> walk(each, all));
  }

  @Test
  void everyCommand_hasBothOptions() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    List<CommandLine> all = new ArrayList<>();
    walk(StowageCommand.commandLine(new Console(nowhere, nowhere, false, () -> 0)), all);
    assertThat(all)
        .hasSizeGreaterThan(20)
        .allSatisfy(line ->
            assertThat(line.getCommandSpec().optionsMap())
                .as(line.getCommandName())
                .containsKeys("--json", "--quiet"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plan --workers @workers.csv --chunks @chunks.csv --out @next | 0 | plan_hash",
        "explain @step d/x | 0 | lines",
        "import csv @copies.csv --size 1MB --capacity 1GB --floor 1 --out @fleet | 0 | plan_hash",
        "simulate --list | 0 | profiles",
        "scenario @story.txt | 0 | scenarios",
        "scenario @story.txt @wrong.txt | 3 | scenarios",
        "walk --model churn --cases 1 --steps 20 --seed 7 | 0 | models",
        "replay @story.evidence | 0 | is_same",
        "replay --compare @story.evidence @story.evidence | 0 | is_same",
        "roles | 0 | sql",
        "help plan | 0 | help",
        "generate-completion | 0 | script",
        "explain @nowhere d/x | 2 | error",
        "plan --workers @nowhere --chunks @chunks.csv --out @next | 2 | error",
      })
  void document_isAloneOnStandardOutput(String line, int code, String key) throws IOException {
    assertThat(run(line)).as(stowage.err()).isEqualTo(code);
    String text = stowage.out() + stowage.err();
    assertThat(run(line, "--json")).as(stowage.err()).isEqualTo(code);
    JsonNode document = JSON.readTree(stowage.out());
    assertThat(document.isObject()).isTrue();
    assertThat(document.has(key)).as(stowage.out()).isTrue();
    assertThat(withoutTimes(stowage.err()).lines())
        .containsExactlyInAnyOrderElementsOf(withoutTimes(text).lines().toList());
    String errors = code == 0 ? "" : stowage.err();
    assertThat(run(line, "--quiet", "--json")).isEqualTo(code);
    assertThat(JSON.readTree(stowage.out()).has(key)).isTrue();
    assertThat(run(line, "--quiet")).isEqualTo(code);
    assertThat(stowage.out()).isEmpty();
    assertThat(errors).contains(stowage.err());
    assertThat(stowage.err().isEmpty()).isEqualTo(code == 0);
  }

  private static String withoutTimes(String text) {
    return text.replaceAll("in [0-9.]+ s \\([^)]*\\)", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--quiet"})
  void optionBeforeTheCommand_isTheSame(String option) {
    assertThat(run(option + " roles")).isZero();
    assertThat(stowage.out().startsWith("{")).isEqualTo(option.equals("--json"));
    assertThat(stowage.err().isEmpty()).isEqualTo(option.equals("--quiet"));
  }
}
