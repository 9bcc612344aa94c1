package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.FleetCensus.NewestShare;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The summary of a plan says where a dataset's newest chunks lie, whatever the plan is. */
class NewestDataTest {
  private static final String CHUNKS =
      "dataset,chunk_id,first_block,last_block,size_bytes,visible\n";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void begin() {
    stowage = new PlanRunner(folder);
  }

  private static String chunks(String dataset, int count, boolean visible) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%s%06d,%d,%d,10485760,%s\n",
              dataset,
              dataset,
              i,
              100 * i,
              100 * i + 99,
              visible));
    }
    return text.toString();
  }

  /** Compares the summary with a count of the last rows of {@code placement.csv}. */
  private void assertTells(String dataset, int chunks, int workers) {
    Map<String, Integer> copies = new TreeMap<>();
    int all = 0;
    for (String row : stowage.rows("out", "placement.csv")) {
      String[] cells = row.split(",");
      String last = String.format(Locale.ROOT, "%s%06d", dataset, chunks - NewestShare.CHUNKS);
      boolean isNewest = cells[0].equals(dataset) && cells[1].compareTo(last) >= 0;
      if (isNewest && cells[3].equals("assigned")) {
        copies.merge(cells[2], 1, Integer::sum);
        all++;
      }
    }
    int most = copies.values().stream().max(Integer::compare).orElseThrow();
    for (JsonNode share : stowage.summary("out").get("newest")) {
      if (share.get("dataset").asText().equals(dataset)) {
        assertThat(share.get("copies").asInt()).isEqualTo(all);
        assertThat(share.get("most").asInt()).isEqualTo(most);
        assertThat(copies).containsEntry(share.get("worker_id").asText(), most);
        assertThat(share.get("times_fair").asDouble())
            .isCloseTo((double) most * workers / all, within(1e-6));
        return;
      }
    }
    throw new AssertionError("no share of " + dataset);
  }

  @Test
  void newWorkersThatTakeTheDay_areSeen() {
    StringBuilder workers = new StringBuilder("worker_id,capacity_bytes\n");
    StringBuilder held =
        new StringBuilder("dataset,chunk_id,worker_id,state,possessed,routed,drained\n");
    for (int i = 0; i < 10; i++) {
      workers.append(String.format(Locale.ROOT, "n%02d,1048576000\n", i));
    }
    workers.append("new0,1048576000\nnew1,1048576000\n");
    for (int i = 0; i < 250; i++) {
      for (int copy = 0; copy < 2; copy++) {
        held.append(
            String.format(
                Locale.ROOT,
                "old,old%06d,n%02d,assigned,true,true,false\n",
                i,
                (i + copy * 3) % 10));
      }
    }
    stowage.write("workers.csv", workers.toString());
    stowage.write("chunks.csv", CHUNKS + chunks("old", 250, true) + chunks("today", 40, false));
    stowage.write("held.csv", held.toString());
    stowage.write("plan.yaml", "min_replication: 2\n");
    stowage.plan("out", "--config", stowage.at("plan.yaml"), "--held", stowage.at("held.csv"));
    assertTells("old", 250, 12);
    assertTells("today", 40, 12);
  }

  @Test
  void newestChunksOfAFirstPlacement_areSeen() {
    StringBuilder workers = new StringBuilder("worker_id,capacity_bytes\n");
    for (int i = 0; i < 10; i++) {
      workers.append(String.format(Locale.ROOT, "w%03d,1000000000000\n", i));
    }
    stowage.write("workers.csv", workers.toString());
    stowage.write("chunks.csv", CHUNKS + chunks("t", 2_000, false));
    stowage.write("plan.yaml", "min_replication: 1\n");
    stowage.plan("out", "--config", stowage.at("plan.yaml"));
    assertTells("t", 2_000, 10);
  }
}
