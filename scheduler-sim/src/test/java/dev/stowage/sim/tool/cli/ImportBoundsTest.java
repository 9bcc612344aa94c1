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
    Path file = stowage.write("in", text);
    int code =
        stowage.run(
            List.of(
                "import",
                format,
                file.toString(),
                "--size",
                "1MiB",
                "--capacity",
                "1GiB",
                "--floor",
                "1",
                "--out",
                stowage.at("fleet")));
    assertThat(code).as(stowage.err()).isEqualTo(ExitCode.INPUT);
    assertThat(Files.exists(folder.resolve("fleet"))).isFalse();
    assertThat(stowage.err().strip().lines()).hasSize(1);
    assertThat(stowage.err().length()).isLessThan(500);
    return stowage.err();
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  @Test
  void replicasOfOneLine_areBounded() {
    String all = numbers(1_000_000);
    String line = "Topic: t Partition: 0 Leader: 0 Replicas: " + all + " Isr: " + all + "\n";
    String head = "Topic: t PartitionCount: 1 ReplicationFactor: 1\n";
    assertThat(refusal("kafka", head + line)).contains("at most 65535 replicas of t/0");
  }

  @Test
  void replicasOfOneDocument_areBounded() {
    String all = numbers(300_000);
    String text =
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[" + all + "]}]}\n";
    assertThat(refusal("kafka", text)).contains("at most 65535 replicas of t/0");
  }

  @Test
  void brokersThatAreNone_areNotQuotedWhole() {
    String line = "Topic: t Partition: 0 Replicas: " + numbers(100_000) + ",x Isr: 1\n";
    assertThat(refusal("kafka", line)).contains("brokers such as 1,2,3, found '0,1,2,");
  }

  @Test
  void columns_areBounded() {
    assertThat(refusal("csv", numbers(300_000) + "\n"))
        .contains("well-formed CSV")
        .contains("16384");
  }

  @Test
  void quoteThatIsNeverClosed_isNamedByItsLine() {
    assertThat(refusal("csv", "dataset,chunk_id\nd,\"" + "x\n".repeat(10 << 20)))
        .contains("a quote opened in line 2 that is never closed");
  }

  @Test
  void wordOfAMillionLetters_isNoPlaceOfABlock() {
    String block = "0. blk_1 len=5 repl=1 [" + "a".repeat(1_000_000) + "]\n";
    assertThat(refusal("hdfs", "/f 5 bytes, replicated: replication=1, 1 block(s):  OK\n" + block))
        .contains("expected 1 replicas in brackets");
  }
}
