package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void walk_thatFindsNothing_printsItsStatistics() {
    assertThat(run("walk", "--model", "churn", "--cases", "2", "--steps", "60", "--seed", "6"))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("seed 6", "churn: 2 walks, ", "required: departure in", "met: ")
        .contains("audited commands ", "done: ", "refused: ");
    assertThat(err.toString()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void walk_ofAllModels_walksEachInTurn() {
    assertThat(run("walk", "--cases", "1", "--steps", "20", "--seed", "1")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("guided: 1 ", "churn: 1 ", "flood: 1 ", "zero-quorum: 1 ", "per-worker: 1 ")
        .contains("crash: 1 ", "swarm: 1 ");
  }

  @Test
  void walk_thatMeetsTheHardCasesTooRarely_fails() {
    assertThat(run("walk", "--model", "crash", "--cases", "5", "--steps", "1", "--seed", "5"))
        .isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString()).contains("crash: met too rarely: crash in 0 of 5 walks");
  }

  @Test
  void walk_thatIsRecorded_replaysWithItsTransfersAndPropagation() {
    String first = folder.resolve("first.evidence").toString();
    String second = folder.resolve("second.evidence").toString();
    for (String file : List.of(first, second)) {
      String[] walk = {
        "walk", "--model", "churn", "--cases", "1", "--seed", "12", "--record", file
      };
      assertThat(run(walk)).as(err.toString()).isEqualTo(ExitCode.OK);
    }
    assertThat(run("replay", first)).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("chain      intact", "part       content-scheduler ")
        .contains("part       propagation-scheduler ");
    assertThat(run("replay", "--compare", first, second)).as(out.toString()).isEqualTo(ExitCode.OK);
  }

  @Test
  void recording_ofMoreThanOneWalk_isAUsageError() {
    String file = folder.resolve("walk.evidence").toString();
    assertThat(run("walk", "--model", "crash", "--cases", "2", "--record", file))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--cases", "1", "--record", file)).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--model", "crash", "--record", file)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'--record' is for one walk");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void walk_withABadValue_isAUsageError() {
    assertThat(run("walk", "--model", "tango")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("expected one of all, guided, churn", "found 'tango'");
    assertThat(run("walk", "--backend", "tape")).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--cases", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--steps", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--minutes", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--seed", "soon")).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--jdbc-url", "jdbc:postgresql://h/d")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void walk_onADatabaseThatIsNotThere_isRefused() {
    String nowhere = "jdbc:postgresql://localhost:1/x?user=u&password=secret";
    assertThat(run("walk", "--backend", "both", "--cases", "1", "--jdbc-url", nowhere))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("nothing was run").doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://u:secret@h:5/d",
        "jdbc:postgresql://u:secret@h/d",
        "jdbc:postgresql://localhost:1/x?password=secret&port=x",
        "jdbc:postgresql://localhost:1/x?password=secret&connectTimeout=abc",
      })
  void walk_atAnAddressThatIsNone_hidesItsPassword(String url) {
    assertThat(run("walk", "--backend", "both", "--cases", "1", "--jdbc-url", url))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString())
        .contains("jdbc:postgresql://host:port/database is accepted")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:postgresql://u:secret@h/d", "jdbc:postgresql://h/d?sslpassword=secret"})
  void walk_withAnAddressOutOfPlace_hidesItsPassword(String url) {
    assertThat(run("walk", url)).isEqualTo(ExitCode.USAGE);
    assertThat(run("walk", "--jdbc-ur", url)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("jdbc:postgresql://").doesNotContain("secret");
  }

  private int run(String... args) {
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    List<String> all = new ArrayList<>(List.of(args));
    if (args[0].equals("walk")) {
      all.addAll(List.of("--out", folder.toString()));
    }
    String[] words = all.toArray(String[]::new);
    return StowageCommand.commandLine(console, words).execute(words);
  }
}
