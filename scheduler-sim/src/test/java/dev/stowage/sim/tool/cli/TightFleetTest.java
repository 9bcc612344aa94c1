package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenth of the Debian archive on 24 mirrors of 4, 8 and 16 GiB, as many copies as fit: the large
 * mirrors hold every chunk and cannot be filled as far as the small ones.
 */
class TightFleetTest {
  private static final Pattern FIGURE = Pattern.compile("\"(bytes_\\w+)\" *: *(\\d+)");

  @TempDir Path folder;
  private PlanRunner stowage;
  private String held;

  @Test
  void join_movesHardlyMoreThanTheLeast_andAnIdleStepNothing() throws IOException {
    stowage = new PlanRunner(folder);
    stowage.write("chunks.csv", everyTenthChunk());
    stowage.write("plan.yaml", "min_replication: 2\nmax_replication: none\n");
    step("begun", mirrors());
    // Eight mirrors have room for every chunk, and nobody holds one twice.
    String groups = stowage.text("begun", "summary.json").replaceAll("\\s", "");
    assertThat(groups)
        .containsPattern(
            "\"groups\":\\[\\{\"level\":0\\.9\\d*,\"workers\":16,[^}]*},"
                + "\\{\"level\":0\\.6\\d*,\"workers\":8,[^}]*}\\]");
    step("idle", mirrors());
    assertThat(stowage.rows("idle", "actions.csv")).isEmpty();
    step("joined", mirrors() + "new," + (8L << 30) + ",zone-1\n");
    long least = figure("joined", "bytes_minimum");
    assertThat(least).isPositive();
    assertThat(figure("joined", "bytes_added")).isBetween(least, least + least / 50);
  }

  private void step(String name, String workers) throws IOException {
    stowage.write("workers.csv", workers);
    String config = stowage.at("plan.yaml");
    int code =
        held == null
            ? stowage.plan(name, "--config", config)
            : stowage.plan(name, "--config", config, "--held", held);
    assertThat(code).as(stowage.out()).isEqualTo(ExitCode.OK);
    held = folder.resolve(name).resolve("next_held.csv").toString();
  }

  private long figure(String step, String key) throws IOException {
    Matcher each = FIGURE.matcher(stowage.text(step, "summary.json"));
    while (each.find()) {
      if (each.group(1).equals(key)) {
        return new BigDecimal(each.group(2)).longValueExact();
      }
    }
    throw new AssertionError(key);
  }

  private static String mirrors() {
    StringBuilder lines = new StringBuilder("worker_id,capacity_bytes,zone\n");
    for (int mirror = 0; mirror < 24; mirror++) {
      lines.append("m").append(mirror).append(',').append(4L << 30 << mirror % 3);
      lines.append(",zone-").append(mirror % 4).append('\n');
    }
    return lines.toString();
  }

  private static String everyTenthChunk() throws IOException {
    StringBuilder tenth = new StringBuilder();
    try (InputStream packed =
            TightFleetTest.class.getResourceAsStream("/dev/stowage/sim/debian12/chunks.csv.gz");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
      tenth.append(lines.readLine()).append('\n');
      String line = lines.readLine();
      for (int at = 0; line != null; at++) {
        tenth.append(at % 10 == 0 ? line + "\n" : "");
        line = lines.readLine();
      }
    }
    return tenth.toString();
  }
}
