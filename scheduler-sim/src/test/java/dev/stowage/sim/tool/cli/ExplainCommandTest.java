package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void plan() {
    stowage = new PlanRunner(folder);
    stowage.write(
        "workers.csv",
        """
        worker_id,capacity_bytes,zone,version,status
        a,1000,east,2.0.0,
        b,1000,west,1.0.0,
        c,500,west,1.0.0,
        d,1000,west,1.0.0,cordoned
        """);
    stowage.write(
        "chunks.csv",
        """
        dataset,chunk_id,first_block,last_block,size_bytes,weight,min_version,visible
        logs,mon,0,9,300,1,,true
        logs,tue,10,19,600,1,,true
        logs,wed,20,29,100,1,2.0.0,false
        x/y,z,0,9,1,1,,true
        x,v/z,0,9,2,1,,true
        x/v,z,0,9,3,1,,true
        50%25,z,0,9,4,1,,true
        """);
    stowage.write("plan.yaml", "min_replication: 2\nbans: ['logs/mon@c']\n");
    int code = stowage.plan("step", "--config", stowage.at("plan.yaml"));
    assertThat(code).isEqualTo(ExitCode.INFEASIBLE);
  }

  private int explain(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("explain", stowage.at("step")));
    all.addAll(List.of(words));
    return stowage.run(all);
  }

  @Test
  void explain_ofAPlacedChunk_saysWhereAndWhyAndWhyNotElsewhere() {
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out())
        .startsWith("logs/mon\n")
        .contains("300 B, weight 1, floor 2, target 2, in at least 2 zones, visible")
        .contains("on a: added for repair: it has fewer replicas than its floor (below_floor)")
        .contains("elsewhere: 1 worker (d) takes nothing new")
        .contains("elsewhere: 1 worker (c) is banned for it");
  }

  @Test
  void explain_ofADeferredChunk_saysWhichRuleRefusedWhom() {
    assertThat(explain("logs/wed")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out())
        .contains("deferred: 2 replicas missing, fewer active workers may hold it than its floor")
        .contains("(too_few_workers); 1 worker may hold it")
        .contains("elsewhere: 2 workers (b, c) lack the version or a label it asks for");
  }

  @Test
  void explain_ofAWorker_saysWhatFillsIt() {
    assertThat(explain("--worker", "a")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out())
        .startsWith("a\n")
        .contains("status active, capacity 1000 B, free ")
        .contains("water level")
        .contains("wanted for floors ");
  }

  @Test
  void explain_ofAChunkWhoseDatasetHoldsTheSeparator_findsIt() {
    assertThat(explain("x/y/z")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).startsWith("x/y/z\n");
  }

  @Test
  void explain_ofTwoChunksOfOneText_findsEachByItsPath() {
    assertThat(explain("x/v/z")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).contains("2 B, ");
    assertThat(explain("x%2Fv/z")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).contains("3 B, ");
    assertThat(explain("x%2Fy/z")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).startsWith("x/y/z\n");
    for (String each : new String[] {"50%25/z", "50%2525/z"}) {
      assertThat(explain(each)).as(each).isEqualTo(ExitCode.OK);
      assertThat(stowage.out()).startsWith("50%25/z\n");
    }
  }

  @Test
  void explain_onceTheFilesHaveChanged_isStillThatOfThePlan() throws IOException {
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.OK);
    String before = stowage.out();
    for (String file : List.of("workers.csv", "chunks.csv", "plan.yaml")) {
      Files.delete(folder.resolve(file));
    }
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).isEqualTo(before);
  }

  @Test
  void explain_ofAPlanOverItsOwnFolder_explainsTheLastOne() {
    String held = folder.resolve("step").resolve("next_held.csv").toString();
    stowage.plan("step", "--config", stowage.at("plan.yaml"), "--held", held);
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).contains("on a: kept, which costs nothing, possessed; zone east");
    stowage.plan("step");
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).contains("floor 1").contains("on a: added");
  }

  @Test
  void explain_ofNobodyKnown_isBadInput() {
    for (String[] words : new String[][] {{"logs/thu"}, {"logs"}, {"/"}, {"--worker", "e"}}) {
      assertThat(explain(words)).as(String.join(" ", words)).isEqualTo(ExitCode.INPUT);
      assertThat(stowage.err()).startsWith(stowage.at("step") + ": ");
      assertThat(stowage.out()).isEmpty();
    }
  }

  @Test
  void explain_ofNothingOrTwoThings_isAWrongCommandLine() {
    assertThat(explain()).isEqualTo(ExitCode.USAGE);
    assertThat(explain("logs/mon", "--worker", "a")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void explain_ofAFolderWithoutAPlan_isBadInput() {
    for (String name : List.of("nowhere", ".", "workers.csv")) {
      int code = stowage.run(List.of("explain", stowage.at(name), "logs/mon"));
      assertThat(code).as(name).isEqualTo(ExitCode.INPUT);
      assertThat(stowage.err()).contains("expected a folder that 'stowage plan' has written");
    }
  }

  @Test
  void explain_ofAFolderThatWasChanged_isBadInput() throws IOException {
    Path kept = folder.resolve("step").resolve("inputs").resolve("workers.csv");
    String workers = Files.readString(kept, StandardCharsets.UTF_8);
    Files.writeString(kept, workers.replace("b,1000", "b,10"), StandardCharsets.UTF_8);
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("plan_hash: expected");
    Files.writeString(kept, "worker_id\n", StandardCharsets.UTF_8);
    assertThat(explain("logs/mon")).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).contains("capacity_bytes");
  }

  @Test
  void plan_ofBadInput_keepsNoInputs() throws IOException {
    stowage.write("workers.csv", "worker_id\n");
    assertThat(stowage.plan("bad")).isEqualTo(ExitCode.INPUT);
    assertThat(folder.resolve("bad")).doesNotExist();
  }
}
