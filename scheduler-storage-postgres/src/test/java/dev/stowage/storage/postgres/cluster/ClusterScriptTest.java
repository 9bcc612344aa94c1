package dev.stowage.storage.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The script of the bench does every fault, and the bench's tables add up. */
class ClusterScriptTest {
  private static final Path FILES = Path.of("src/test/resources/cluster");

  @Test
  void script_doesEveryFaultOfTheBench() throws IOException {
    String script = Files.readString(FILES.resolve("cluster.sh"));
    assertThat(ClusterBench.FAULTS).allSatisfy(it -> assertThat(script).contains(" " + it + ") "));
  }

  @Test
  void table_addsRoundsUp_andHasMediansOfDurations() {
    List<Round> rounds =
        List.of(
            round("mode=sync fault=f through=haproxy round=1", 1, 4),
            round("mode=sync fault=f through=haproxy round=2", 0, -1),
            round("mode=sync fault=f through=hosts round=1", 0, 3));
    assertThat(rounds.get(0).is("sync", "f", "haproxy", 1)).isTrue();
    assertThat(rounds.get(0).is("sync", "f", "haproxy", 2)).isFalse();
    assertThat(rounds.get(0).is("sync", "f", "hosts", 1)).isFalse();
    assertThat(Round.table(rounds))
        .hasSize(4)
        .contains(
            "| sync | f | 2 | 20 | 1 | 0 | 0 | 2.0, longest 2.0 | 1.0, longest 1.0"
                + " | 4.0 (1 never), longest 4.0 | 0 | 0 | 9.5 |")
        .last()
        .isEqualTo(
            "| sync | f through hosts | 1 | 10 | 0 | 0 | 0 | 2.0 | 1.0 | 3.0 | 0 | 0 | 9.5 |");
  }

  private static Round round(String of, int lost, double readable) {
    return Round.of(
        of
            + " acknowledged=10 lost="
            + lost
            + " double_leaders=0 epochs_twice=0 gap_s=2 database_gap_s=1 readable_s="
            + readable
            + " lineages=0 dark_portals=0 load=9.5");
  }
}
