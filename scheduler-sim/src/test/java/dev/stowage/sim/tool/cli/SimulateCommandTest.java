package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.sim.tool.simulate.ProfileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateCommandTest {
  @SuppressWarnings("unused") // by the name
  static final java.util.List<String> READY =
      ProfileReader.READY.stream().filter(each -> !each.equals("debian-12")).toList();

  private static final String FEW = "chunks=300 size=8MiB";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void list_always_namesEveryReadyProfileWithItsSentence() {
    assertThat(run("simulate", "--list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines()).hasSize(ProfileReader.READY.size());
    assertThat(out.toString()).contains("zone-loss            One zone of four");
  }

  /** One run with everything that it can write, and another one that begins where it ended. */
  @Test
  void simulate_readyProfile_writesAllThatIsAskedFor_andIsGoneOnWith() throws IOException {
    String report = folder.resolve("r.html").toString();
    String record = folder.resolve("r.evidence").toString();
    String saved = folder.resolve("end").toString();
    String[] simulate = {"simulate", "--profile", "burst", "--set", FEW};
    List<String> words = new ArrayList<>(List.of(simulate));
    words.addAll(List.of("--report", report, "--record", record, "--save", saved, "--json"));
    assertThat(run(words.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(err.toString()).contains("moved_over_minimum", "grow 50%", "0 violations");
    assertThat(folder.resolve("r.html")).content().contains("<html", "burst");
    JsonNode done = new ObjectMapper().readTree(out.toString()).at("/runs/0");
    assertThat(done.at("/figures/unreadable_chunk_seconds").asLong(-1)).isZero();
    assertThat(done.at("/ledger")).hasSize(60);
    assertThat(run("replay", record)).as(err.toString()).isEqualTo(ExitCode.OK);
    Path more = Files.writeString(folder.resolve("more.yaml"), "steps: 5\n");
    out.getBuffer().setLength(0);
    assertThat(run("simulate", "--profile", more.toString(), "--from", saved, "--json"))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);
    JsonNode next = new ObjectMapper().readTree(out.toString()).at("/runs/0/figures");
    assertThat(next.get("visible")).isEqualTo(done.at("/figures/visible"));
    assertThat(next.get("moved_bytes").asLong()).isZero();
  }

  @Test
  void compare_runWithFurtherEvents_addsOrReplacesThem() throws IOException {
    assertThat(run("simulate", "--show", "burst")).isEqualTo(ExitCode.OK);
    Path shown = Files.writeString(folder.resolve("shown.yaml"), out.toString());
    Path other =
        Files.writeString(
            folder.resolve("other.yaml"), "events: ['at 9: grow 10%']\nexpect: [visible = 66]\n");
    out.getBuffer().setLength(0);
    List<String> words =
        List.of(
            "compare",
            "--profile",
            shown.toString(),
            "--set",
            "chunks=60 size=8MiB",
            "--set",
            "workers=6 zones=2 capacity=400GiB",
            "--set",
            "steps=24",
            "--json",
            "--run",
            "six more: +\"at 5: join 6 like w0001\" loss=0",
            "--run",
            "other: events=" + other + " expect=" + other);
    assertThat(run(words.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.OK);
    JsonNode runs = new ObjectMapper().readTree(out.toString()).get("runs");
    long workers = runs.get(0).get("workers").asLong();
    assertThat(runs.get(1).get("workers").asLong()).isEqualTo(workers + 6);
    assertThat(runs.get(2).at("/figures/visible").asLong()).isEqualTo(66);
    assertThat(run("simulate", "--show", "rock-loss")).isEqualTo(ExitCode.INPUT);
    assertThat(run("compare", "--profile", "burst", "--run", "x: +'at 5: lose w9'"))
        .isEqualTo(ExitCode.INPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simulate",
        "simulate --profile burst --backend redis",
        "simulate --profile burst --jdbc-url jdbc:x",
        "simulate --profile burst --threads 0",
        "simulate --profile burst --threads 257",
        "compare --profile burst",
        "compare --profile burst --run nameless",
        "compare --profile burst --run x:word",
        "compare --profile burst --sweep floor=1..3",
        "compare --profile burst --sweep floor=1..3/0",
        "compare --profile burst --sweep floor=1..3000/1"
      })
  void commandLine_thatCannotBeRead_isUsage(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("stowage: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void simulate_reportThatCannotBeWritten_failsBeforeTheRun() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "good");
    Path report = file.resolve("r.html");
    assertThat(run("simulate", "--profile", "burst", "--report", report.toString()))
        .isEqualTo(ExitCode.INPUT);
    assertThat(file).hasContent("good");
  }

  @Test
  void simulate_folderThatIsNone_isBadInput() {
    assertThat(run("simulate", "--profile", "burst", "--from", folder.resolve("no").toString()))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("expected a folder that 'stowage export' has written");
  }

  @Test
  void simulate_tooSmallFleet_isInfeasible() {
    int code =
        run(
            "simulate",
            "--profile",
            "burst",
            "--set",
            FEW,
            "--set",
            "workers=2 capacity=1GiB",
            "--set",
            "steps=16");
    assertThat(code).as(out + "" + err).isEqualTo(ExitCode.VIOLATION);
    assertThat(out.toString()).contains("expectation failed: deferred = 0");
  }

  @Test
  void compare_twoPlanners_showsWhatDiffersFirst() {
    Path report = folder.resolve("compared.html");
    assertThat(
            run(
                "compare",
                "--profile",
                "decommission-three",
                "--set",
                "chunks=20 size=8MiB",
                "--set",
                "steps=24",
                "--run",
                "stateless: planner=stateless",
                "--run",
                "</script><i>: floor=3",
                "--report",
                report.toString()))
        .as(err.toString())
        .isIn(ExitCode.OK, ExitCode.VIOLATION, ExitCode.INFEASIBLE);
    assertThat(out.toString()).contains("as it is", "stateless", "the same in all:");
    assertThat(out.toString().indexOf("moved_bytes"))
        .isLessThan(out.toString().indexOf("the same in all:"));
    assertThat(report)
        .content()
        .doesNotContain("</script><i>", "<#", "<@", " src=", "<link")
        .contains("&lt;/script&gt;&lt;i&gt;", "id=\"moved\"", "What differs", "as it is")
        .containsSubsequence("What differs", "moved_bytes", "Run it again");
  }

  @Test
  void compare_sweep_runsEachValue() {
    run(
        "compare",
        "--profile",
        "burst",
        "--set",
        "chunks=60 size=8MiB",
        "--set",
        "steps=16",
        "--sweep",
        "floor=1..3/1",
        "--json");
    assertThat(out.toString()).contains("floor=1", "floor=2", "floor=3");
  }

  @Tag("deep")
  @ParameterizedTest
  @FieldSource("READY")
  void simulate_readyProfile_isTheSameOnBothStores(String name) throws IOException {
    JsonNode memory = json("memory", name);
    JsonNode postgres = json("postgres", name);
    assertThat(memory.at("/runs/0/violations").asInt(-1)).isZero();
    for (String part : new String[] {"plans", "figures", "events", "ledger", "gains"}) {
      assertThat(postgres.at("/runs/0/" + part)).as(part).isEqualTo(memory.at("/runs/0/" + part));
    }
    assertThat(folder.resolve("postgres")).hasSameBinaryContentAs(folder.resolve("memory"));
  }

  private JsonNode json(String backend, String name) throws IOException {
    out.getBuffer().setLength(0);
    String record = folder.resolve(backend).toString();
    int code =
        run("simulate", "--profile", name, "--backend", backend, "--json", "--record", record);
    assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... words) {
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    return StowageCommand.commandLine(console, words).execute(words);
  }
}
