package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A misspelt or misplaced word is answered with what was meant, and the rest of the table. */
class MistakesTest {
  private static final String CHUNKS =
      "dataset,chunk_id,first_block,last_block,size_bytes\n"
          + "logs,mon,0,9,10\nlogs,tue,10,19,10\nlogs,wed,20,29,10\n";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void writeSmallFleet() {
    stowage = new PlanRunner(folder);
    stowage.write("workers.csv", "worker_id,capacity_bytes\na,1kB\nb,1KiB\n");
    stowage.write("chunks.csv", CHUNKS);
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nlogs,mon,a\n");
    stowage.write("semicolons.csv", "worker_id;capacity_bytes\na;1\nb;1\nc;1\nd;1\ne;1\n");
    stowage.write("tabs.csv", "worker_id\tcapacity_bytes\na\t1\n");
    stowage.write("misspelt.csv", "worker_id,capacity_byte\na,1\n");
    stowage.write("units.csv", "worker_id,capacity_bytes\na,1 gigabyte\n");
    stowage.write("word.yaml", "min_replication: two\n");
    stowage.write("key.yaml", "min_replicas: 2\n");
    stowage.write("story.txt", "worker a capacity=1GB\nscheduel\n");
    stowage.write("option.txt", "worker a capcity=1GB\n");
    stowage.write("file", "");
  }

  /** Runs a line of words; {@code @name} is a file of the folder. */
  private int run(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" +")) {
      words.add(word.startsWith("@") ? stowage.at(word.substring(1)) : word);
    }
    return stowage.run(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plan --worker @workers.csv --chunks @chunks.csv --out @o | 1 | Unknown option: '--worker';"
            + " did you mean '--workers'?",
        "plan --worker=@workers.csv | 1 | Unknown option: '--worker'; did you mean '--workers'?",
        "plam | 1 | Unknown command: 'plam'; did you mean 'plan'?",
        "demo surplus | 1 | Unknown argument: 'surplus'",
        "simulate --profile burst --set flor=3 | 2 | flor: did you mean 'floor'? expected one of ",
        "simulate --profile burst --backend postgre | 1 | did you mean 'postgres'? expected one of",
        "walk --model churm | 1 | did you mean 'churn'? expected one of all, ",
        "demo --seed abc | 1 | 'abc' is not a whole number",
        "demo --seed 9999999999999999999 | 1 | is not a whole number from -9223372036854775808 to",
        "walk --steps abc | 1 | 'abc' is not a whole number from 1 to 100000",
        "import kafak @file --out @o | 1 | did you mean 'kafka'? expected one of kafka, ",
        "import csv @file --map datset=x --out @o | 1 | did you mean 'dataset'? expected one of ",
        "import csv @file --size 3cows --out @o | 1 | expected a whole number of bytes with a unit",
        "scenario @story.txt | 2 | did you mean 'schedule'? expected a step or expectation",
        "scenario @option.txt | 2 | did you mean 'capacity='? expected one of ",
        "replay @key.yaml | 2 | key.yaml: expected evidence of format ",
      })
  void misspeltWord_isAnsweredWithTheNearest(String line, int code, String answer) {
    assertThat(run(line)).as(stowage.err()).isEqualTo(code);
    assertThat(stowage.err()).contains(answer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "@workers.csv | @chunks.csv | @word.yaml | word.yaml:1: min_replication: expected a whole"
            + " number, at least 1, found 'two'",
        "@workers.csv | @chunks.csv | @key.yaml | key.yaml:1: min_replicas: did you mean"
            + " 'min_replication'? expected one of min_replication, ",
        "@semicolons.csv | @chunks.csv | @file | semicolons.csv:1: expected a comma between"
            + " columns, found ';'",
        "@tabs.csv | @chunks.csv | @file | tabs.csv:1: expected a comma between columns, found"
            + " tabs",
        "@misspelt.csv | @chunks.csv | @file | misspelt.csv:1: capacity_bytes: expected this column"
            + " in the header, found only 'worker_id,capacity_byte'; is it 'capacity_byte'?",
        "@units.csv | @chunks.csv | @file | units.csv:2: capacity_bytes: expected a whole number of"
            + " bytes, such as 1048576, 1MiB or 1MB, found '1 gigabyte'",
        "@held.csv | @chunks.csv | @file | held.csv:1: expected the columns worker_id,"
            + " capacity_bytes, found those of another file: this looks like the file for --held",
      })
  void file_thatIsWrong_isAnsweredInOneLine(
      String workers, String chunks, String config, String answer) {
    String line =
        "plan --workers " + workers + " --chunks " + chunks + " --config " + config + " --out @o";
    assertThat(run(line)).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err().lines()).hasSize(1);
    assertThat(stowage.err()).contains(answer);
  }

  @Test
  void exchangedFiles_areNamedByTheirOptions() {
    assertThat(run("plan --workers @chunks.csv --chunks @workers.csv --out @o"))
        .isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err().lines())
        .satisfiesExactly(
            first -> assertThat(first).endsWith("this looks like the file for --chunks"),
            second -> assertThat(second).endsWith("this looks like the file for --workers"));
  }

  @Test
  void explain_ofWhatIsNotThere_saysWhatIs() {
    run("plan --workers @workers.csv --chunks @chunks.csv --out @step1");
    assertThat(run("explain @step1 logs/fri")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("no chunk 'fri' in dataset logs; it has mon, tue, wed");
    assertThat(run("explain @step1 mon")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err())
        .contains("expected DATASET/CHUNK_ID, found 'mon'; did you mean 'logs/mon'?");
    assertThat(run("explain @step1 log/mon")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err())
        .contains("no dataset 'log' in the plan; it has logs; did you mean 'logs'?");
    assertThat(run("explain @step1 --worker c")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("no worker 'c' in the plan; it has a, b");
  }

  @Test
  void output_whereNothingCanBeCreated_saysWhy() {
    assertThat(run("plan --workers @workers.csv --chunks @chunks.csv --out /proc/none/there"))
        .isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err())
        .contains("/proc/none/there: expected a folder that can be written to, found one that")
        .contains("cannot be created: ")
        .doesNotContain("Exception");
    assertThat(run("plan --workers @workers.csv --chunks @chunks.csv --out @file/there"))
        .isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).doesNotContain("Exception");
  }

  @Test
  void evidence_thatIsNone_isNamedOnce() {
    assertThat(run("replay @key.yaml")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err().split("key.yaml", -1)).as(stowage.err()).hasSize(2);
  }

  /** The script is one for bash, which zsh runs in its mode for such scripts. */
  @Test
  void completion_knowsTheCommandsAndTheirOptions() {
    assertThat(run("generate-completion")).isZero();
    assertThat(stowage.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("bashcompinit", "_picocli_stowage_import", "--capacities");
  }

  @Test
  void help_isACommand() {
    assertThat(run("help")).isZero();
    assertThat(stowage.out()).contains("Start here:");
    assertThat(run("help plan")).isZero();
    assertThat(stowage.out()).contains("Usage: stowage plan");
  }
}
