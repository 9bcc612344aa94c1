package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fleets and catalogues at the border of what there can be: an answer, never an exception. */
class PlanEdgesTest {
  private static final String WORKERS = "worker_id,capacity_bytes\n";
  private static final String CHUNKS = "dataset,chunk_id,first_block,last_block,size_bytes\n";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void begin() {
    stowage = new PlanRunner(folder);
  }

  private int plan(String workers, String chunks, String rules) {
    stowage.write("workers.csv", WORKERS + workers);
    stowage.write("chunks.csv", CHUNKS + chunks);
    stowage.write("plan.yaml", rules);
    int code = stowage.plan("out", "--config", stowage.at("plan.yaml"));
    assertThat(stowage.err()).isEmpty();
    return code;
  }

  private List<String> deferred() {
    return stowage.rows("out", "deferred.csv");
  }

  @Test
  void plan_ofAnEmptyFleet_defersAllWithItsReason() {
    assertThat(plan("", "d,x,0,9,10\n", "min_replication: 2\n")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(deferred()).containsExactly("d,x,2,too_few_workers");
    assertThat(stowage.summary("out").get("backpressure").asBoolean()).isTrue();
  }

  @Test
  void plan_ofAnEmptyCatalogue_isDone() {
    assertThat(plan("a,100\n", "", "")).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "actions.csv")).isEmpty();
    assertThat(stowage.summary("out").get("replicas").asLong()).isZero();
  }

  @Test
  void plan_ofNothingAtAll_isDone() {
    assertThat(plan("", "", "")).isEqualTo(ExitCode.OK);
  }

  @Test
  void plan_ofAWorkerWithoutCapacity_placesNothingThere() {
    assertThat(plan("a,0\nb,100\n", "d,x,0,9,10\n", "")).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "placement.csv")).containsExactly("d,x,b,assigned");
  }

  @Test
  void plan_ofNoCapacityAnywhere_defersWithItsReason() {
    assertThat(plan("a,0\n", "d,x,0,9,10\n", "")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(deferred()).containsExactly("d,x,1,larger_than_any_worker");
  }

  @Test
  void plan_ofAnEmptyFleet_makesFloorsOnly_unlessGrowthIsAskedFor() {
    String workers = "a,100\nb,100\nc,100\ne,100\n";
    String chunks = "d,x,0,9,10\nd,y,10,19,10\n";
    assertThat(plan(workers, chunks, "min_replication: 3\n")).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "placement.csv")).hasSize(6);
    assertThat(stowage.summary("out").get("target_by_weight").get("1").asInt()).isEqualTo(3);
    plan(workers, chunks, "min_replication: 1\nmax_replication: none\n");
    assertThat(stowage.rows("out", "placement.csv")).hasSize(8);
    plan(workers, chunks, "max_replication: 2\n");
    assertThat(stowage.rows("out", "placement.csv")).hasSize(4);
    plan(
        workers,
        chunks,
        "weight_policy: {d: [{from: 0, weight: 1, max: 3}, {from: 10, weight: 1, max: none}]}\n");
    assertThat(stowage.rows("out", "placement.csv").stream().filter(row -> row.startsWith("d,x")))
        .hasSize(3);
    assertThat(stowage.rows("out", "placement.csv")).hasSize(7);
  }

  @Test
  void target_whereThereAreFewerWorkersThanTheFloor_isTheFloor() {
    plan("a,100\nb,100\n", "d,x,0,9,10\n", "min_replication: 3\n");
    assertThat(stowage.summary("out").get("target_by_weight").get("1").asInt()).isEqualTo(3);
  }

  @Test
  void plan_ofAFloorAboveTheWorkers_defersWithItsReason() {
    int code = plan("a,100\nb,100\n", "d,x,0,9,10\n", "min_replication: 3\n");
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(deferred()).containsExactly("d,x,3,too_few_workers");
  }

  @Test
  void plan_ofSumsBeyondTheLargestLong_isRefusedAndNothingIsWritten() {
    String large = "" + Long.MAX_VALUE;
    stowage.write("workers.csv", WORKERS + "a," + large + "\nb," + large + "\n");
    stowage.write("chunks.csv", CHUNKS + "d,x,0,9," + large + "\nd,y,10,19," + large + "\n");
    stowage.write("plan.yaml", "saturation: 1\n");
    int code = stowage.plan("out", "--config", stowage.at("plan.yaml"));
    assertThat(code).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("chunks.csv:2: size_bytes: expected sizes", large);
    assertThat(folder.resolve("out")).doesNotExist();
    code = plan("a," + large + "\n", "d,x,0,9," + large + "\n", "saturation: 1\n");
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(stowage.summary("out").get("bytes_added").asLong()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void plan_ofASizeBeyondALong_isRefusedByLineAndField() {
    stowage.write("workers.csv", WORKERS + "a,9223372036854775808\n");
    stowage.write("chunks.csv", CHUNKS + "d,x,0,9,1e3\n");
    assertThat(stowage.plan("out")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err())
        .contains("workers.csv:2: capacity_bytes: expected", "chunks.csv:2: size_bytes: expected");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void plan_ofRowsCutShort_isRefusedByLine() {
    stowage.write("workers.csv", WORKERS + "a,100\nb\n");
    stowage.write("chunks.csv", CHUNKS + "d,x,0\n");
    assertThat(stowage.plan("out")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("workers.csv:3: ", "chunks.csv:2: ");
  }

  @Test
  void plan_ofHeldBytesBeyondTheLargestLong_isRefusedByTheLargestLine() {
    String large = "" + Long.MAX_VALUE;
    stowage.write("workers.csv", WORKERS + "a," + large + "\n");
    stowage.write("chunks.csv", CHUNKS + "d,x,0,9,1\nd,y,10,19," + large + "\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\nd,y,a\n");
    assertThat(stowage.plan("out", "--held", stowage.at("held.csv"))).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("chunks.csv:3: size_bytes: expected sizes");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** Capacities, counts, caps and limits as large as they may be, and their sums: no figures. */
  @Test
  void plan_ofTheLargestNumbersThereAre_isDone() {
    String large = "" + Long.MAX_VALUE;
    stowage.write(
        "workers.csv",
        "worker_id,capacity_bytes,zone,max_replicas\n"
            + ("a," + large + ",eu/x,2147483647\n")
            + ("b," + large + ",eu/y,2147483647\n")
            + ("c," + large + ",us/x,1\n"));
    stowage.write("chunks.csv", CHUNKS + "d,x,0," + large + ",10\n");
    stowage.write(
        "plan.yaml",
        "max_replication: 2147483647\nmax_per_domain: {1: 2147483647, 2: 1}\n"
            + "weight_policy: {d: [{from: 0, weight: 2147483647, floor: 2, max: 2147483647}]}\n");
    assertThat(stowage.plan("out", "--config", stowage.at("plan.yaml"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("out", "placement.csv")).hasSize(3);
  }

  @Test
  void plan_ofAFloorThatNoFleetHas_defersWithItsReason() {
    int code = plan("a,100\n", "d,x,0,9,10\n", "min_replication: 2147483647\n");
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(deferred()).containsExactly("d,x,2147483647,too_few_workers");
  }

  /** Of every chunk, wherever it may lie: short or left out, and the rule is named. */
  @Test
  void limitOfDomains_thatForbidsTheFloorEverywhere_isTheReason() {
    stowage.write(
        "workers.csv", "worker_id,capacity_bytes,zone\na,100,eu/x\nb,100,eu/y\nc,100,eu/z\n");
    stowage.write("chunks.csv", CHUNKS + "d,x,0,9,10\nd,y,10,19,10\n");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\nd,x,a\n");
    stowage.write("plan.yaml", "min_replication: 2\nmax_per_domain: {1: 1}\n");
    int code =
        stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(deferred()).containsExactly("d,y,2,domain_limit");
    assertThat(stowage.rows("out", "shortfalls.csv")).containsExactly("d,x,1,domain_limit");
  }
}
