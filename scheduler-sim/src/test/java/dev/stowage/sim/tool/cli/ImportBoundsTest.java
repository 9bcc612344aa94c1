package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is too large for a fleet is refused in one sentence, in time, and nothing is written. */
@Timeout(60)
class ImportBoundsTest {
  @TempDir Path folder;

  private String refusal(String format, String text) {
    PlanRunner stowage = new PlanRunner(folder);
    String file = stowage.write("in", text).toString();
    int code = stowage.run(List.of("import", format, file, "--out", stowage.at("fleet")));
    assertThat(code).as(stowage.err()).isEqualTo(ExitCode.INPUT);
    assertThat(Files.exists(folder.resolve("fleet"))).isFalse();
    assertThat(stowage.err().strip().lines()).hasSize(1);
    return stowage.err();
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  @Test
  void replicasOfAPartition_areBounded() {
    String all = numbers(1_000_000);
    String line = "Topic: t Partition: 0 Replicas: " + all + " Isr: " + all + "\n";
    assertThat(refusal("kafka", line)).contains("at most 65535 replicas of t/0");
    assertThat(refusal("kafka", line.replace(" Isr", ",x Isr")))
        .contains("brokers such as 1,2,3, found '0,1,2,")
        .hasSizeLessThan(500);
  }

  @Test
  void fieldsOfALine_areBounded_andAQuoteThatIsNeverClosedIsFound() {
    assertThat(refusal("csv", numbers(300_000) + "\n")).contains("maximum limit of 16384 fields");
    assertThat(refusal("csv", "dataset,chunk_id\nd,\"" + "x\n".repeat(10 << 20)))
        .contains("a quote opened in line 2 that is never closed");
  }

  @Test
  void wordOfAMillionLetters_isNoPlaceOfABlock() {
    String file = "/f 5 bytes, replicated: replication=1, 1 block(s):  OK\n";
    assertThat(refusal("hdfs", file + "0. blk_1 len=5 repl=1 [" + "a".repeat(1_000_000) + "]\n"))
        .contains("expected 1 replicas in brackets");
  }
}
