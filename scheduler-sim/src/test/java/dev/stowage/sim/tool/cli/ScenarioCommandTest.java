package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void scenario_thatHolds_isOk() throws IOException {
    assertThat(run("scenario", good().toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("good.txt: ok, 2 lines held");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void scenario_thatFails_namesFileAndLine() throws IOException {
    Path bad = file("bad.txt", "worker a capacity=1MiB\n\nexpect used a = 1B # not yet\n");
    assertThat(run("scenario", bad.toString())).isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString().strip()).isEqualTo(bad + ":3: expected a = 1B, found 0B");
  }

  @Test
  void scenarios_ofEveryKind_areAllRunAndTheGreatestCodeCounts() throws IOException {
    Path unreadable = file("unreadable.txt", "wurker a\n");
    Path bad = file("bad.txt", "worker a capacity=1MiB\nexpect fenced\n");
    Path missing = folder.resolve("missing.txt");
    assertThat(
            run(
                "scenario",
                bad.toString(),
                unreadable.toString(),
                missing.toString(),
                good().toString()))
        .isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString())
        .contains("bad.txt:2: expected fenced, found ok")
        .contains("unreadable.txt:1: did you mean 'worker'? found 'wurker'")
        .contains("missing.txt: expected a scenario file, found nothing");
    assertThat(out.toString()).contains("good.txt: ok");
    assertThat(run("scenario", good().toString(), missing.toString())).isEqualTo(ExitCode.INPUT);
  }

  @Test
  void scenario_thatIsNotUtf8_namesTheLine() throws IOException {
    Path file = folder.resolve("bytes.txt");
    Files.write(file, new byte[] {'#', '\n', '#', (byte) 0xe9, '\n'});
    assertThat(run("scenario", file.toString())).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("bytes.txt:2: expected UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "both"})
  void scenario_onADatabaseThatIsNotThere_isRefused(String backend) throws IOException {
    String nowhere = "jdbc:postgresql://localhost:1/x?user=u&password=secret";
    assertThat(run("scenario", good().toString(), "--backend", backend, "--jdbc-url", nowhere))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("nothing was run").doesNotContain("secret");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void scenario_withADatabaseForTheMemoryBackend_isAUsageError() throws IOException {
    assertThat(run("scenario", good().toString(), "--jdbc-url", "jdbc:postgresql://h/d"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void scenario_recorded_isReplayed_withItsCrashesAndTakeovers() throws IOException {
    Path story =
        file(
            "story.txt",
            String.join(
                "\n",
                "config floor=2 saturation=0.05 drain_window=2 pins=[d/c@b]",
                "worker a capacity=10MiB",
                "worker b capacity=10MiB",
                "ingest d/c 0-9 size=1MiB",
                "settle",
                "crash",
                "set floor=1 drain_window=5",
                "round 2",
                "takeover",
                "old schedule",
                "expect fenced",
                "purge",
                "settle",
                "expect holders d/c b",
                "expect converged",
                "takeover",
                "schedule",
                "expect unchanged"));
    Path record = folder.resolve("story.evidence");
    assertThat(run("scenario", "--record", record.toString(), story.toString()))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);
    assertThat(run("replay", record.toString())).as(out.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).containsPattern("replayed   \\d+ inputs led to the same");
  }

  @Test
  void scenario_thatFails_isRecordedUpToThere() throws IOException {
    Path bad = file("bad.txt", "worker a capacity=1MiB\nexpect used a = 1B\n");
    Path record = folder.resolve("bad.evidence");
    assertThat(run("scenario", "--record", record.toString(), bad.toString()))
        .isEqualTo(ExitCode.VIOLATION);
    assertThat(run("replay", record.toString())).isEqualTo(ExitCode.OK);
  }

  @Test
  void scenario_thatCannotBeReplayed_isNotRecorded() throws IOException {
    Path lost = file("lost.txt", "worker a capacity=1MiB\ncheckpoint\nrestore\n");
    Path record = folder.resolve("lost.evidence");
    assertThat(run("scenario", "--record", record.toString(), lost.toString()))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("lost.txt:2: expected a scenario that loses no commits");
    assertThat(record).doesNotExist();
    Path stateless = file("stateless.txt", "config planner=stateless\nworker a capacity=1MiB\n");
    assertThat(run("scenario", "--record", record.toString(), stateless.toString()))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("stateless.txt: expected planner=stowage");
    Path followed = file("followed.txt", "config previous_factors={1: 2}\nschedule\n");
    assertThat(run("scenario", "--record", record.toString(), followed.toString()))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString())
        .contains("followed.txt: expected a fleet that begins without a plan");
    assertThat(run("scenario", followed.toString())).isEqualTo(ExitCode.OK);
    assertThat(run("scenario", "--record", record.toString(), lost.toString(), lost.toString()))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void scenario_withoutAFileOrWithAnUnknownBackend_isAUsageError() throws IOException {
    assertThat(run("scenario")).isEqualTo(ExitCode.USAGE);
    assertThat(run("scenario", good().toString(), "--backend", "tape")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'--backend': expected one of memory, postgres, both");
  }

  private Path good() throws IOException {
    return file("good.txt", "worker a capacity=1MiB\nexpect used a = 0B\n");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
  }

  private int run(String... args) {
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    return StowageCommand.commandLine(console, args).execute(args);
  }
}
