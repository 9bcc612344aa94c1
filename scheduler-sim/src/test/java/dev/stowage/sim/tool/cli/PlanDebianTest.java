package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.model.Chunk;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.csv.BadInputException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planner's promises on the packages of Debian 12 and sixty workers of three sizes. */
class PlanDebianTest {
  private static final int WORKERS = 60;
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @Tag("deep")
  @Test
  void debian12_placedThenOneLeavesOrJoins_isLevelAndMovesTheMinimum() throws BadInputException {
    PlanRunner stowage = new PlanRunner(folder);
    stowage.write("chunks.csv", chunks());
    stowage.write("workers.csv", workers(WORKERS, ""));
    String rules = "min_replication: 2\nmax_replication: none\nsaturation: 0.90\n";
    stowage.write("plan.yaml", rules);
    String config = stowage.at("plan.yaml");
    assertThat(stowage.plan("base", "--config", config)).isEqualTo(ExitCode.OK);
    JsonNode base = stowage.summary("base");
    assertThat(base.get("max_over_mean_fill").asDouble()).isLessThanOrEqualTo(1.02);
    String held = folder.resolve("base").resolve("next_held.csv").toString();

    StringBuilder factors = new StringBuilder(rules + "previous_factors:\n");
    base.get("target_by_weight")
        .properties()
        .forEach(each ->
            factors
                .append("  ")
                .append(each.getKey())
                .append(": ")
                .append(each.getValue())
                .append('\n'));
    stowage.write("plan.yaml", factors.toString());
    // Sizes differ more than 16 times: the share of new chunks, which goes before the level, leaves
    // a
    // fiftieth of the bytes to the next plan.
    assertThat(stowage.plan("again", "--config", config, "--held", held)).isEqualTo(ExitCode.OK);
    assertThat(stowage.summary("again").get("bytes_added").asDouble())
        .isLessThanOrEqualTo(0.02 * base.get("bytes_added").asDouble());
    held = folder.resolve("again").resolve("next_held.csv").toString();
    assertThat(stowage.plan("rest", "--config", config, "--held", held)).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("rest", "actions.csv")).isEmpty();

    stowage.write("workers.csv", workers(WORKERS, "departed"));
    assertThat(stowage.plan("leave", "--config", config, "--held", held)).isEqualTo(ExitCode.OK);
    assertThat(movedOverMinimum(stowage, "leave")).isLessThanOrEqualTo(1.005);

    stowage.write("workers.csv", workers(WORKERS + 1, ""));
    assertThat(stowage.plan("join", "--config", config, "--held", held)).isEqualTo(ExitCode.OK);
    assertThat(movedOverMinimum(stowage, "join")).isLessThanOrEqualTo(1.02);
    for (String step : new String[] {"leave", "join"}) {
      assertThat(stowage.summary(step).get("max_over_mean_fill").asDouble())
          .isLessThanOrEqualTo(1.02);
    }
  }

  private static double movedOverMinimum(PlanRunner stowage, String step) {
    JsonNode summary = stowage.summary(step);
    assertThat(summary.get("bytes_minimum").asLong()).isPositive();
    return summary.get("bytes_added").asDouble() / summary.get("bytes_minimum").asDouble();
  }

  private static String workers(int count, String statusOfTheFirst) {
    StringBuilder text = new StringBuilder("worker_id,capacity_bytes,zone,status\n");
    for (int i = 0; i < count; i++) {
      text.append("mirror-")
          .append(i)
          .append(',')
          .append((4 << i % 3) * GIB)
          .append(",zone-")
          .append(i % 4)
          .append(',')
          .append(i == 0 ? statusOfTheFirst : "")
          .append('\n');
    }
    return text.toString();
  }

  private static String chunks() throws BadInputException {
    StringBuilder text =
        new StringBuilder("dataset,chunk_id,first_block,last_block,size_bytes,weight\n");
    for (Chunk chunk : CatalogueReader.debian12(Optional.empty()).chunks()) {
      text.append(chunk.key().dataset())
          .append(',')
          .append(chunk.key().id())
          .append(',')
          .append(chunk.range().first())
          .append(',')
          .append(chunk.range().last())
          .append(',')
          .append(chunk.sizeBytes())
          .append(',')
          .append(chunk.weight().orElse(1))
          .append('\n');
    }
    return text.toString();
  }
}
