package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each sentence that a plan prints is true, and says what it is about. */
class PlanSentencesTest {
  private static final String CHUNKS = "dataset,chunk_id,first_block,last_block,size_bytes,visible";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void begin() {
    stowage = new PlanRunner(folder);
    stowage.write("plan.yaml", "");
    stowage.write("held.csv", "dataset,chunk_id,worker_id\n");
  }

  private void workers(String columns, String... rows) {
    write("workers.csv", "worker_id,capacity_bytes" + columns, rows);
  }

  private void chunks(String columns, String... rows) {
    write("chunks.csv", CHUNKS + columns, rows);
  }

  private void held(String... rows) {
    write("held.csv", "dataset,chunk_id,worker_id", rows);
  }

  private void write(String name, String header, String... rows) {
    stowage.write(name, header + "\n" + String.join("\n", rows) + "\n");
  }

  private List<String> plan(String rules) {
    stowage.write("plan.yaml", rules + "\n");
    int code =
        stowage.plan("out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
    assertThat(code).as(stowage.err()).isIn(ExitCode.OK, ExitCode.INFEASIBLE);
    return stowage.out().lines().map(String::strip).toList();
  }

  @Test
  void weight_ofWhichSomeChunksAreLeftOut_countsThemApart() {
    workers("", "a,100", "b,100");
    chunks("", "d,x,0,9,60,", "d,y,10,19,60,");
    assertThat(plan("min_replication: 2"))
        .contains(
            "Weight 1: 2 replicas each of 1 chunk (1 left out), of a target of 2; 2 workers may be"
                + " given them");
    chunks("", "d,x,0,9,101,", "d,y,10,19,101,");
    assertThat(plan("min_replication: 2"))
        .contains(
            "Weight 1: no chunk placed (2 left out), of a target of 2; 2 workers may be given"
                + " them");
  }

  @Test
  void weight_whoseChunksHaveDifferentlyMany_saysLeastAndMost() {
    workers("", "a,100", "b,50");
    chunks("", "d,x,0,9,50,true", "d,y,10,19,50,true", "d,z,20,29,50,true");
    held("d,x,a", "d,y,a", "d,x,b");
    assertThat(plan("min_replication: 2"))
        .contains("Weight 1: 0 to 2 replicas each of a target of 2; 2 workers may be given them");
  }

  @Test
  void weight_ofChunksMarkedForRemoval_isNotToldOf() {
    workers("", "a,100");
    chunks(",weight,marked", "d,x,0,9,10,true,1,", "d,y,10,19,10,true,2,true");
    held("d,x,a");
    assertThat(plan("")).noneMatch(line -> line.startsWith("Weight 2"));
  }

  @Test
  void weight_thatSeveralPoolsOrCapsHave_namesThemInEachLine() {
    workers(",labels", "a,100,ssd", "b,100,", "c,100,");
    chunks(",labels", "d,w,0,9,10,true,", "d,x,10,19,10,true,", "d,y,20,29,10,true,ssd");
    String rules =
        "saturation: 1\nweight_policy: {d: [{from: 0, weight: 1, max: 2}, {from: 10, weight: 1,"
            + " max: none}]}";
    List<String> lines = plan(rules).stream().filter(line -> line.startsWith("Weight")).toList();
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "Weight 1, at most 2 replicas: 2 replicas each of a target of 2; 3 workers may be"
                + " given them",
            "Weight 1, without a max_replication: 3 replicas each of a target of 3; 3 workers may"
                + " be given them",
            "Weight 1, on workers with the label ssd: 1 replica each of a target of 1; 1 worker"
                + " may be given them");
  }

  @Test
  void weight_ofWhichFloorsDiffer_saysBothTargets() {
    workers("", "a,100", "b,100", "c,100");
    chunks("", "d,x,0,9,50,true", "d,y,10,19,30,true");
    String rules =
        "max_replication: 3\nsaturation: 0.1\nweight_policy: {d: [{from: 0, weight: 1, floor: 2},"
            + " {from: 10, weight: 1, floor: 3}]}";
    assertThat(plan(rules))
        .contains(
            "Weight 1: 2 to 3 replicas each of a target of 2 to 3; 3 workers may be given them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min_replication: 4 | 3 workers may be given them, fewer than the target",
        "{min_replication: 3, max_per_domain: {1: 1}}"
            + " | 3 workers may be given them, 2 at most by max_per_domain, fewer than the target",
        "min_replication: 3 | 3 workers may be given them",
      })
  void target_aboveWhatThePoolCanGive_isSaidToBe(String rules, String ending) {
    workers(",zone", "a,100,x", "b,100,x", "c,100,y");
    chunks("", "d,x,0,9,10,true");
    assertThat(plan(rules))
        .anyMatch(line -> line.startsWith("Weight 1: ") && line.endsWith("; " + ending));
  }

  private static final String TIGHT = "Backpressure: the floors alone ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10,,|60|''|exceed what saturation allows the fleet to hold.",
        "10,,1|4|''|exceed what saturation allows of the replicas that max_replicas lets the fleet"
            + " hold.",
        "10,ssd,|6|ssd|exceed what saturation allows the workers with the label ssd to hold.",
        "99,ssd,1|6|ssd|exceed what saturation allows of the replicas that max_replicas lets the"
            + " workers with the label ssd hold.",
        "99,,|6|ssd|need a worker with the label ssd that stays, and there is none.",
      })
  void backpressure_saysWhatIsTight(String worker, int size, String label, String tight) {
    boolean isOfFleet = tight.contains("fleet");
    workers(",labels,max_replicas", "a," + worker, "b," + (isOfFleet ? worker : "999,,"));
    chunks(
        ",labels",
        "d,x,0,9," + size + ",true," + label,
        "d,y,10,19," + size + ",true," + label,
        "d,z,20,29," + size + ",true,");
    assertThat(plan("").stream().filter(line -> line.startsWith("Backpressure")))
        .containsExactly(TIGHT + tight);
  }

  @Test
  void backpressure_ofAFleetThatLeaves_saysSo() {
    workers(",status", "a,100,leaving");
    chunks("", "d,x,0,9,10,true");
    held("d,x,a");
    assertThat(plan("")).contains(TIGHT + "need a worker that stays, and there is none.");
  }

  @Test
  void takers_ofAShortChunk_areThoseWithoutAReplicaOfIt() {
    workers("", "a,100", "b,50", "c,50");
    chunks("", "d,x,0,9,50,true", "d,y,10,19,50,true", "d,z,20,29,50,true", "d,v,30,39,50,true");
    held("d,x,a", "d,y,a", "d,z,b", "d,v,c");
    assertThat(plan("min_replication: 2"))
        .contains(
            "d/x: 1 replica missing; no room is left on the workers that may hold it, and nothing"
                + " may give way (2 workers without a replica may take it, the most room on one is"
                + " 0 bytes)");
    assertThat(stowage.run(List.of("explain", stowage.at("out"), "d/x"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.out())
        .contains("2 workers without a replica may take it, the most room on one is 0 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "10,1,10 bytes more and a max_replicas that is one higher,20,2",
    "15,1,5 bytes more and a max_replicas that is one higher,20,2",
    "15,,5 bytes more,20,",
    "50,1,a max_replicas that is one higher,50,2",
  })
  void advice_whereBytesOrACountAreLacking_namesBothAndIsEnough(
      int capacity, String limit, String advice, int enough, String enoughCount) {
    chunks("", "d,x,0,9,10,true", "d,y,10,19,10,true");
    held("d,x,a", "d,y,b");
    workers(
        ",status,max_replicas",
        "a,100,leaving,",
        "b," + capacity + ",," + (limit == null ? "" : limit));
    assertThat(plan("saturation: 1"))
        .contains(advice + " on a worker that may take it would free the first replica");
    workers(
        ",status,max_replicas",
        "a,100,leaving,",
        "b," + enough + ",," + (enoughCount == null ? "" : enoughCount));
    assertThat(plan("saturation: 1")).noneMatch(line -> line.startsWith("What is stuck"));
  }

  /** Tests advice about existing workers: two lack different things. */
  @Test
  void advice_amongSeveralWorkers_isTheLeast() {
    chunks("", "d,x,0,9,10,true", "d,y,10,19,10,true", "d,z,20,29,10,true");
    held("d,x,a", "d,y,b", "d,z,c");
    workers(",status,max_replicas", "a,100,leaving,", "b,12,,1", "c,13,,");
    assertThat(plan("saturation: 1"))
        .contains("7 bytes more on a worker that may take it would free the first replica");
  }

  @Test
  void floor_aboveTheWorkers_isSaidInNumbers_andHowManyMoreWouldHelp() {
    workers("", "a,100");
    chunks("", "d,x,0,9,10,true", "d,y,10,19,20,");
    held("d,x,a");
    assertThat(plan("min_replication: 3"))
        .contains("d/x: 2 replicas missing; its floor is 3, and 1 active worker may hold it")
        .contains("it would help to have 2 more active workers with 30 bytes free each");
    workers("", "a,100", "b,30", "c,30");
    assertThat(plan("min_replication: 3")).contains("Nothing stays short: every floor is met.");
  }

  /** Tests that the requested change is enough: the second fleet has it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{1: 1}|3|one more domain of level 1 with an active worker that has 30 bytes free|c,30,z/z",
        "{1: 2}|6|one more domain of level 1 with 2 active workers that have 30 bytes free each"
            + "|c,30,z/p;e,30,z/q",
        "{1: 1}|4|2 more domains of level 1, each with an active worker that has 30 bytes free"
            + "|c,30,u/u;e,30,v/v",
        "{1: 2, 2: 1}|3"
            + "|one more domain of level 2 inside domains that may have more of it with an active"
            + " worker that has 30 bytes free|c,30,y/z",
        "{1: 1, 2: 1}|4"
            + "|2 more domains of level 1, each with an active worker that has 30 bytes free"
            + "|c,30,u/u;e,30,v/v",
      })
  void floor_thatDomainsForbid_saysHowManyMoreDomainsWouldHelp(
      String limits, int floor, String advice, String more) {
    String[] fleet = {
      "a,100,x/x", "b,100,y/y", "a2,100,x/x", "b2,100,y/y", "a3,100,x/x", "a4,100,x/x"
    };
    workers(",zone", fleet);
    chunks("", "d,x,0,9,10,true", "d,y,10,19,20,");
    String rules =
        "{saturation: 1, min_replication: " + floor + ", max_per_domain: " + limits + "}";
    List<String> said = plan(rules);
    assertThat(said)
        .contains("it would help to have " + advice)
        .anyMatch(line ->
            line.startsWith("d/x: ")
                && line.contains("max_per_domain allows fewer replicas than its floor"));
    workers(",zone", String.join("\n", fleet) + "\n" + more.replace(';', '\n'));
    assertThat(plan(rules)).contains("Nothing stays short: every floor is met.");
  }

  @Test
  void workers_thatWouldHelpAFloorOfALabel_haveTheLabel() {
    workers(",zone,labels", "a,100,x,ssd", "b,100,x,ssd", "c,100,y,");
    chunks(",labels", "d,x,0,9,10,true,ssd");
    assertThat(plan("{min_replication: 2, max_per_domain: {1: 1}}"))
        .contains(
            "it would help to have one more domain of level 1 with an active worker with the label"
                + " ssd that has 10 bytes free");
  }
}
