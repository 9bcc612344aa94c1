package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(summary.get("plan_hash").asText()).matches("[0-9a-f]{64}");
  }

  @Test
  void plan_ofAChunkThatFitsNowhere_isInfeasibleAndWritten() {
    stowage.write("chunks.csv", CHUNKS + "\"d,e\",\"z\"\"1\",0,0,101\n");
    assertThat(stowage.plan("out")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(stowage.rows("out", "deferred.csv"))
        .containsExactly("\"d,e\",\"z\"\"1\",1,larger_than_any_worker");
    assertThat(stowage.summary("out").get("deferred").asInt()).isEqualTo(1);
  }

  @Test
  void plan_afterALoss_reportsShortfallsOfEstablishedChunks() {
    stowage.write("workers.csv", "worker_id,capacity_bytes,status\na,100,departed\nb,5,\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\n");
    int code = stowage.plan("out", "--held", stowage.at("held.csv"));
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(stowage.rows("out", "shortfalls.csv"))
        .containsExactly("d,x,1,larger_than_any_worker");
    assertThat(stowage.rows("out", "deferred.csv")).containsExactly("d,y,1,larger_than_any_worker");
    assertThat(stowage.rows("out", "placement.csv")).isEmpty();
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
        .contains("What is stuck: 3 replicas should leave their workers and cannot")
        .contains("d/x on a: no worker that may take it has room")
        .contains("one more active worker with 110 bytes free")
        .contains("one more active worker with the label ssd")
        .contains("Every floor is met, but 3 replicas are stuck.")
        .doesNotContain("Nothing stays short");
  }

  /** Two copies of a chunk need two workers, with no less room than the text says. */
  @ParameterizedTest
  @CsvSource({"'', 4", "'c,10010,\nd,10010,\n', 0"})
  void plan_ofAChunkThatAllItsWorkersLeave_asksForAsManyWorkers(String more, int code) {
    stowage.write(
        "workers.csv",
        "worker_id,capacity_bytes,status\na,20000,leaving\nb,20000,leaving\n" + more);
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes,visible\nd,x,0,9,10004,true\n");
    stowage.write("plan.yaml", "min_replication: 2\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\nd,x,b\n");
    assertThat(
            stowage.plan(
                "out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml")))
        .isEqualTo(code);
    if (code != 0) {
      assertThat(stowage.out())
          .contains("it would help to have 2 more active workers with 10.01 kB free each");
    }
  }

  /** Tests that the advice in the text helps. */
  @Test
  void plan_withTheWorkerThatTheTextAskedFor_leavesNothingStuck() {
    stowage.write(
        "workers.csv", "worker_id,capacity_bytes,status\na,100,leaving\nc,100,\nnew,110,\n");
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes,visible\n"
            + "d,x,0,9,60,true\nd,y,10,19,50,true\nd,z,20,29,95,true\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\nd,y,a\nd,z,c\n");
    stowage.write("plan.yaml", "saturation: 0.01\n");
    int code =
        stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(code).as(stowage.out()).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "stuck.csv")).isEmpty();
  }

  @Test
  void drainingReplicas_unlessTakenBack_areInThePlacementAndNotHeldNext() {
    stowage.write(
        "chunks.csv", CHUNKS.replace("bytes\n", "bytes,visible\n").replace("0\n", "0,true\n"));
    stowage.write("plan.yaml", "saturation: 0.01\n");
    stowage.write(
        "held.csv",
        "dataset,chunk_id,worker_id,state,drained\n"
            + "d,x,a,assigned,\nd,x,b,draining,true\nd,y,b,assigned,\nd,y,c,draining,\n");
    stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(stowage.rows("out", "placement.csv"))
        .contains("d,x,a,assigned", "d,x,b,draining", "d,y,b,assigned", "d,y,c,draining");
    assertThat(stowage.rows("out", "next_held.csv"))
        .noneMatch(row -> row.contains("draining"))
        .allMatch(row -> row.endsWith(",assigned,true,true,false"));
  }

  @Test
  void leftovers_whileNobodyElseHasTheBytes_stayHeld() {
    stowage.write("workers.csv", "worker_id,capacity_bytes,status\na,100,cordoned\n");
    stowage.write("plan.yaml", "bans: [d/x@a]\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id,state\nd,x,a,superseded\n");
    int code =
        stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(stowage.rows("out", "next_held.csv"))
        .containsExactly("d,x,a,superseded,true,false,false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "workers.csv|worker_id;a|capacity_bytes: expected this column",
        "workers.csv|worker_id,capacity_bytes;a,-1|:2: capacity_bytes: expected a whole number",
        "workers.csv|worker_id,capacity_bytes;a,1;a,2|:3: worker_id: expected a worker that is",
        "workers.csv|worker_id,capacity_bytes,status;a,1,gone|:2: status: expected active",
        "workers.csv|worker_id,capacity_bytes,version;a,1,1.2|:2: version: expected major",
        "workers.csv|worker_id,capacity_bytes,zone;a,1,eu//x|:2: zone: expected 1 to 512 characters"
            + " without control characters, no part of a path empty or blank, found 'eu//x'",
        "workers.csv|worker_id,capacity_bytes,zone;a,1,/x|:2: zone: expected 1 to 512 characters",
        "workers.csv|worker_id,capacity_bytes,zone;a,1,x/|:2: zone: expected 1 to 512 characters",
        "workers.csv|worker_id,capacity_bytes,zone;a,1,;b,1,eu/x;c,1,eu|:4: zone: expected a path"
            + " of 2 levels, as in line 3, found 'eu'",
        "workers.csv|worker_id,capacity_bytes,zone;a,1,eu;b,1,eu/x|:3: zone: expected a path of 1"
            + " level, as in line 2, found 'eu/x'",
        "workers.csv|worker_id,capacity_bytes,zone;a/b,1,a/b|:2: zone: expected a path that is not",
        "workers.csv|worker_id,capacity_bytes,max_replicas;a,1,0|:2: max_replicas: expected a whole"
            + " number from 1 to 2147483647, found '0'",
        "workers.csv|worker_id,capacity_bytes,max_replicas;b,1,;a,1,-1|:3: max_replicas: expected"
            + " a",
        "workers.csv|worker_id,capacity_bytes,max_replicas;a,1,2147483648|:2: max_replicas:",
        "workers.csv|worker_id,capacity_bytes,max_replicas;a,1,none|:2: max_replicas: expected a",
        "chunks.csv|@;d,x,0,9,-1|:2: size_bytes: expected a whole number",
        "chunks.csv|@;d,x,9,0,1|:2: last_block: expected at least the first block",
        "chunks.csv|@;d,x,0,9,1;d,x,10,11,1|:3: chunk_id: expected a chunk that is listed once",
        "chunks.csv|@;d,x,0,9,1;d,y,9,11,1|:3: first_block: expected blocks that no other",
        "chunks.csv|@,weight;d,x,0,9,1,0|:2: weight: expected a whole number from 1",
        "chunks.csv|@,visible;d,x,0,9,1,yes|:2: visible: expected true or false",
        "chunks.csv|@,replaces;d,x,0,9,1,z|:2: replaces: expected ids of other chunks",
        "chunks.csv|@,replaces;d,x,0,9,1,y;d,y,0,9,1,x|:2: replaces: expected swaps that can fire",
        "held.csv|dataset,chunk_id,worker_id;d,z,a|:2: chunk_id: expected a listed chunk",
        "held.csv|dataset,chunk_id,worker_id;d,x,z|:2: worker_id: expected a listed worker",
        "held.csv|dataset,chunk_id,worker_id;d,x,a;d,x,a|:3: worker_id: expected a replica that",
        "held.csv|dataset,chunk_id,worker_id,state;d,x,a,lost|:2: state: expected assigned",
        "plan.yaml|min_replication: 0|:1: min_replication: expected a whole number, at least 1",
        "workers.csv|worker_id,capacity_bytes;a,9223372036854775808|:2: capacity_bytes: expected",
        "chunks.csv|@;d,x,0,9,9223372036854775808|:2: size_bytes: expected a whole number",
        "chunks.csv|@;d,x,0,9223372036854775808,9|:2: last_block: expected a whole number",
        "chunks.csv|@,weight;d,x,0,9,1,2147483648|:2: weight: expected a whole number from 1",
        "plan.yaml|min_replication: 2147483648|:1: min_replication: expected a whole number, at"
            + " least 1",
        "plan.yaml|max_replication: -1|:1: max_replication: expected a count of at least 1",
        "plan.yaml|max_replication: 2147483648|:1: max_replication: expected a count of at least 1",
        "plan.yaml|weight_policy: {d: [{from: 0, weight: 1, max: 2147483648}]}|:1:"
            + " weight_policy.d[0].max: expected a count of at least 1",
        "plan.yaml|max_per_domain: {1: -1}|:1: max_per_domain.1: expected a whole number from 1",
        "plan.yaml|max_per_domain: {1: 2147483648}|:1: max_per_domain.1: expected a whole number",
        "plan.yaml|movement_budget_bytes: 9223372036854775808|:1: movement_budget_bytes: expected",
        "plan.yaml|max_replication: 0|:1: max_replication: expected a count of at least 1, the"
            + " floor,",
        "plan.yaml|min_replication: 3;max_replication: 2|:2: max_replication: expected a count of"
            + " at least 3, the floor, or none, found '2'",
        "plan.yaml|max_replication: some|:1: max_replication: expected a count of at least 1",
        "plan.yaml|min_replication: 2;weight_policy: {d: [{from: 0, weight: 1, max: 1}]}|:2:"
            + " weight_policy.d[0].max: expected a count of at least 2, the floor, or none",
        "plan.yaml|weight_policy: {d: [{from: 0, weight: 1, floor: 4, max: 3}]}|:1:"
            + " weight_policy.d[0].max: expected a count of at least 4, the floor, or none",
        "plan.yaml|max_per_domain: 1|:1: max_per_domain: expected counts by level",
        "plan.yaml|threads: 1;max_per_domain: {1: 1}|:2: max_per_domain.1: expected no level, since"
            + " no worker has a zone, found level 1",
        "plan.yaml|max_per_domain: {0: 1}|:1: max_per_domain: expected levels from 1 to 64 as keys,"
            + " found the key '0'",
        "plan.yaml|max_per_domain: {65: 1}|:1: max_per_domain: expected levels from 1 to 64",
        "plan.yaml|max_per_domain: {one: 1}|:1: max_per_domain: expected levels from 1 to 64",
        "plan.yaml|max_per_domain: {1: 0}|:1: max_per_domain.1: expected a whole number from 1",
        "plan.yaml|max_per_domain: {1: none}|:1: max_per_domain.1: expected a whole number from 1",
        "plan.yaml|max_per_domain: {1: 1.5}|:1: max_per_domain.1: expected a whole number from 1",
        "plan.yaml|threads: 1;max_per_domain: {1: 2, 1: 3}|:2: max_per_domain.1: expected the key"
            + " once, found it twice",
        "plan.yaml|previous_factors: {12: 5, 12: 6}|:1: previous_factors.12: expected the key once",
        "plan.yaml|previous_factors: {12: 5, 12.0: 6}|:1: previous_factors.12.0: expected each"
            + " weight once, found 12 twice",
        "plan.yaml|weight_policy: {d: [], d: []}|:1: weight_policy.d: expected the key once",
        "plan.yaml|weight_policy: {d: [{from: 0, weight: 1}, {from: 1, from: 2}]}|:1:"
            + " weight_policy.d[1].from: expected the key once",
        "plan.yaml|floor: 2|:1: floor: expected one of min_replication",
        "plan.yaml|threads: 1;saturation: 1.01|:2: saturation: expected 0.000001 to 1",
        "plan.yaml|saturation: 0|:1: saturation: expected",
        "plan.yaml|saturation: .nan|:1: saturation: expected",
        "plan.yaml|balance_slack: -0.1|:1: balance_slack: expected 0 to 1000",
        "plan.yaml|factor_margin: -1|:1: factor_margin: expected",
        "plan.yaml|threads: 0|:1: threads: expected",
        "plan.yaml|movement_budget_bytes: -1|:1: movement_budget_bytes: expected",
        "plan.yaml|movement_budget_bytes: 1.5|:1: movement_budget_bytes: expected",
        "plan.yaml|planner: best|:1: planner: expected stowage or stateless",
        "plan.yaml|spread: rack|:1: spread: expected zone or none",
        "plan.yaml|pins: [d/x@z]|:1: pins: expected dataset/chunk_id@worker_id",
        "plan.yaml|pins: [d/x@a];bans: [d/x@a]|:2: bans: expected a pair that is not pinned",
        "plan.yaml|previous_factors: {x: 1}|:1: previous_factors: expected weights",
        "plan.yaml|weight_policy: {d: [{from: 0, weight: 1, flor: 2}]}|[0].flor: did you mean"
            + " 'floor'?",
        "plan.yaml|weight_policy: {d: [{from: 0}]}|[0].weight: expected this key, found nothing",
        "plan.yaml|threads: [1|expected well-formed YAML",
        "plan.yaml|- threads|expected keys with values",
        "plan.yaml|threads: 1;threads: 2|:2: threads: expected the key once",
      })
  void input_thatIsMalformed_isRefusedByLineAndFieldAndNothingIsWritten(
      String file, String text, String complaint) {
    stowage.write("held.csv", "dataset,chunk_id,worker_id\n");
    stowage.write("plan.yaml", "");
    String header = CHUNKS.lines().findFirst().orElseThrow();
    stowage.write(
        file,
        text.replace("@;", header + ";")
                .replace("@,w", header + ",w")
                .replace("@,v", header + ",v")
                .replace("@,r", header + ",r")
                .replace(";", "\n")
            + "\n");
    int code =
        stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(stowage.err()).startsWith(stowage.at(file)).contains(complaint);
    assertThat(code).isEqualTo(ExitCode.INPUT);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** A worker without a zone is a domain of its own, even where a region is called like it. */
  @Test
  void paths_ofTwoLevels_spreadCopiesOverRegionsAndThenHalls() {
    stowage.write(
        "workers.csv",
        "worker_id,capacity_bytes,zone\na,100,eu/x\nb,100,eu/x\nc,100,eu/y\neu,100,\n");
    stowage.write("chunks.csv", "dataset,chunk_id,first_block,last_block,size_bytes\nd,x,0,9,5\n");
    stowage.write("plan.yaml", "min_replication: 3\n");
    assertThat(stowage.plan("out", "--config", stowage.at("plan.yaml"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "placement.csv"))
        .contains("d,x,c,assigned", "d,x,eu,assigned")
        .hasSize(3);
    assertThat(stowage.run(List.of("explain", stowage.at("out"), "d/x"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).contains("in at least 2 zones and 3 domains of level 2");
  }

  @Test
  void limitOfADomain_leavesOutWhatItForbids_andSaysWhatIsStuck() {
    String fleet =
        "worker_id,capacity_bytes,zone,status\n" + "a,99,eu/x,\nb,99,eu/x,leaving\nc,99,eu/x,\n";
    stowage.write("workers.csv", fleet + "e,99,us/x,cordoned\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\nd,x,b\n");
    stowage.write("plan.yaml", "min_replication: 2\nmax_per_domain: {1: 2, 2: 1}\n");
    String[] options = {"--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml")};
    assertThat(stowage.plan("out", options)).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(stowage.rows("out", "deferred.csv")).containsExactly("d,y,2,domain_limit");
    assertThat(stowage.rows("out", "stuck.csv")).containsExactly("d,x,b,10,domain_limit,0,0");
    stowage.write("workers.csv", fleet + "e,99,us/x,\nf,99,us/x,\n");
    stowage.write("plan.yaml", "min_replication: 4\nmax_per_domain: {1: 1}\n");
    assertThat(stowage.plan("again", options)).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(stowage.rows("again", "deferred.csv")).containsExactly("d,y,4,domain_limit");
    assertThat(stowage.rows("again", "shortfalls.csv")).containsExactly("d,x,1,domain_limit");
    assertThat(stowage.run(List.of("explain", stowage.at("again"), "d/x"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.out())
        .contains("at most 1 in one domain of level 1")
        .contains("2 workers (c, e) lie in domains that have their max_per_domain of it");
  }

  @Test
  void levelThatNoPathHas_isRefused() {
    stowage.write("workers.csv", "worker_id,capacity_bytes,zone\na,100,eu/x\nb,100,\n");
    stowage.write("plan.yaml", "threads: 1\nmax_per_domain:\n  1: 2\n  3: 1\n");
    assertThat(stowage.plan("out", "--config", stowage.at("plan.yaml"))).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err())
        .contains(":4: max_per_domain.3: expected a level from 1 to 2, as the zones have");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void problems_ofSeveralFiles_areAllReportedUpToTenOfEach() {
    stowage.write("workers.csv", WORKERS + "x,-1\n".repeat(12));
    stowage.write("plan.yaml", "threads: 0\nsize: 3\n");
    int code = stowage.plan("out", "--config", stowage.at("plan.yaml"));
    assertThat(code).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err().lines().filter(line -> line.contains("workers.csv"))).hasSize(10);
    assertThat(stowage.err().lines().filter(line -> line.contains("plan.yaml"))).hasSize(2);
  }

  @Test
  void overlaps_ofMarkedChunksAndOfChainsOfSwaps_areFine() {
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes,marked,visible,replaces\n"
            + "d,gone,0,9,1,true,true,\nd,a,0,9,1,,true,\nd,b1,0,4,1,,,a\nd,b2,5,9,1,,,a\n"
            + "d,c,0,9,1,,,b1;b2\n");
    assertThat(stowage.plan("out")).isEqualTo(ExitCode.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads 0", "--threads x", "--nonsense", "--out", "surplus"})
  void commandLine_thatCannotBeRead_isUsage(String more) {
    assertThat(stowage.plan("out", more.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(stowage.run(List.of("plan"))).isEqualTo(ExitCode.USAGE);
    assertThat(stowage.err()).contains("--workers");
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
