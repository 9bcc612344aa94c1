package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  private static final String WORKERS = "worker_id,capacity_bytes\na,100\nb,100\nc,100\n";
  private static final String CHUNKS =
      "dataset,chunk_id,first_block,last_block,size_bytes\nd,x,0,9,10\nd,y,10,19,20\n";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void writeSmallFleet() {
    stowage = new PlanRunner(folder);
    stowage.write("workers.csv", WORKERS);
    stowage.write("chunks.csv", CHUNKS);
  }

  @Test
  void plan_withNothingHeld_placesFloorsAndWritesAllFiles() {
    stowage.write("plan.yaml", "min_replication: 2\nsaturation: 0.2\n");
    assertThat(stowage.plan("out", "--config", stowage.at("plan.yaml"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "placement.csv"))
        .hasSize(4)
        .allMatch(row -> row.endsWith(",assigned"));
    assertThat(stowage.rows("out", "actions.csv"))
        .hasSize(4)
        .allMatch(row -> row.matches("add,d,[xy],[abc],[12]0,new,below_floor"));
    assertThat(stowage.rows("out", "next_held.csv"))
        .hasSize(4)
        .allMatch(row -> row.endsWith(",assigned,true,false,false"));
    assertThat(stowage.text("out", "deferred.csv")).isEqualTo("dataset,chunk_id,missing,reason\n");
    assertThat(stowage.text("out", "shortfalls.csv"))
        .isEqualTo("dataset,chunk_id,missing,reason\n");
    JsonNode summary = stowage.summary("out");
    assertThat(summary.get("bytes_added").asLong()).isEqualTo(60);
    assertThat(summary.get("bytes_minimum").asLong()).isEqualTo(60);
    assertThat(summary.get("replicas").asLong()).isEqualTo(4);
    assertThat(summary.get("replication_by_weight").get("1").asInt()).isEqualTo(2);
    assertThat(summary.get("target_by_weight").get("1").asInt()).isEqualTo(2);
    assertThat(summary.get("plan_hash").asText()).matches("[0-9a-f]{12}(-[0-9a-f]{12}){5}");
  }

  /** Two leaving workers that cannot be emptied: it said that nothing changes, and ended with 0. */
  @Test
  void plan_ofWorkersThatCannotBeEmptied_isInfeasibleAndSaysWhatWouldHelp() {
    stowage.write(
        "workers.csv",
        "worker_id,capacity_bytes,status,labels\na,100,leaving,\nb,100,leaving,ssd\nc,100,,\n");
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes,visible,labels\n"
            + "d,x,0,9,60,true,\nd,y,10,19,50,true,\nd,z,20,29,95,true,\nd,s,30,39,7,true,ssd\n");
    stowage.write("plan.yaml", "saturation: 0.01\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\nd,y,a\nd,z,c\nd,s,b\n");
    int code =
        stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(stowage.text("out", "stuck.csv"))
        .isEqualTo(
            "dataset,chunk_id,worker_id,size_bytes,reason,eligible_workers,most_room_bytes\n"
                + "d,x,a,60,no_room,1,5\nd,y,a,50,no_room,1,5\nd,s,b,7,too_few_workers,0,0\n");
    JsonNode summary = stowage.summary("out");
    assertThat(summary.get("stuck").asInt()).isEqualTo(3);
    assertThat(summary.get("stuck_bytes").asLong()).isEqualTo(117);
    assertThat(summary.get("bytes_minimum").asLong()).isZero();
    assertThat(summary.get("leaving").toString())
        .isEqualTo(
            "[{\"worker_id\":\"a\",\"replicas\":2,\"bytes\":110,\"stuck_replicas\":2,"
                + "\"stuck_bytes\":110},{\"worker_id\":\"b\",\"replicas\":1,\"bytes\":7,"
                + "\"stuck_replicas\":1,\"stuck_bytes\":7}]");
    assertThat(stowage.out())
        .contains("Nothing changes.", "What it costs: nothing has to be copied")
        .contains("What is stuck: 3 replicas that should leave and cannot")
        .contains("d/x on a, d/y on a: no worker that may take it has room")
        .contains("help to have 110 B free on one more active worker\n")
        .contains("help to have 7 B free on one more active worker with the label ssd\n")
        .doesNotContain("Nothing stays short");
  }

  @Test
  void files_thatAreMissing_areInput() throws Exception {
    Files.delete(folder.resolve("workers.csv"));
    assertThat(stowage.plan("out", "--config", stowage.at("no.yaml"))).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("workers.csv: expected a file").contains("no.yaml");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void out_thatIsAFile_isNotWritable() {
    assertThat(stowage.plan("workers.csv")).isEqualTo(ExitCode.INPUT);
  }

  @Test
  void help_ofPlan_teaches() {
    assertThat(stowage.run(Arrays.asList("plan", "--help"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).contains("--held", "next_held.csv", "previous_factors", "Examples:");
  }
}
