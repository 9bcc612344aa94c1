package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what the machine answers, and what is too long for a golden file. */
class MistakesTest {
  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void writeSmallFleet() {
    stowage = new PlanRunner(folder);
    stowage.write("workers.csv", "worker_id,capacity_bytes\na,1kB\n");
    stowage.write("chunks.csv", "dataset,chunk_id,first_block,last_block,size_bytes\n");
    stowage.write("file", "");
  }

  @Test
  void output_whereNothingCanBeCreated_saysWhy() {
    String[] files = {"--workers", stowage.at("workers.csv"), "--chunks", stowage.at("chunks.csv")};
    for (String out : List.of("/proc/none/there", stowage.at("file") + "/there")) {
      List<String> words = List.of("plan", files[0], files[1], files[2], files[3], "--out", out);
      assertThat(stowage.run(words)).isEqualTo(ExitCode.INPUT);
      assertThat(stowage.err())
          .contains(out + ": expected a folder that can be written to, found one that")
          .contains("cannot be created: ")
          .doesNotContain("Exception");
    }
  }

  /** The script is one for bash, which zsh runs in its mode for such scripts. */
  @Test
  void completion_knowsTheCommandsAndTheirOptions() {
    assertThat(stowage.run(List.of("generate-completion"))).isZero();
    assertThat(stowage.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("bashcompinit", "_picocli_stowage_import", "--capacities");
  }

  @Test
  void help_isACommand() {
    assertThat(stowage.run(List.of("help"))).isZero();
    assertThat(stowage.out()).contains("Start here:");
    assertThat(stowage.run(List.of("help", "plan"))).isZero();
    assertThat(stowage.out()).contains("Usage: stowage plan");
    stowage.run(List.of("help", "import"));
    assertThat(stowage.out().lines().filter(line -> line.matches("(current|both|floor,|worker;)")))
        .as("lines that are broken twice")
        .isEmpty();
  }
}
