package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
  /** A device of Linux to which nothing can be written. */
  private static final Path FULL = Path.of("/dev/full");

  private static final String HEADER = "dataset,chunk_id,first_block,last_block,size_bytes";
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo --nonsense",
        "demo --seed 9223372036854775808",
        "demo --seed",
        "demo --workers 3",
        "demo --workers 10001",
        "demo --workers 1.5",
        "demo --workers 5 --workers 4",
        "demo --backend redis",
        "demo --jdbc-url jdbc:x",
        "demo surplus",
        "demon",
        "--nonsense",
        ""
      })
  void commandLine_thatCannotBeRead_isUsage(String line) {
    List<String> words = line.isEmpty() ? List.of() : Arrays.asList(line.split(" ", -1));
    assertThat(run(words)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("stowage: ").contains("--help");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "demo --help", "--version", "demo --version"})
  void help_whereverItIsAsked_isPrintedAndFine(String line) {
    assertThat(run(Arrays.asList(line.split(" ", -1)))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("stowage").doesNotContain("\u001b[");
    assertThat(err.toString()).isEmpty();
  }

  /** Some packages and their updates, as a person runs it: every file and word of one run. */
  @Test
  void demo_ofSomePackages_writesSummaryReportAndARecordThatReplays() throws IOException {
    Path record = folder.resolve("run.evidence");
    String some = "debian12/200";
    assertThat(demo("--workers", "12", "--catalogue", some, "--record", record.toString()))
        .as(out + "" + err)
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("debian12/200 on 12 mirrors", "A mirror is lost for ever", "0 violations")
        .contains("in any of 6 domains of level 2 (2 allowed).", "report.html")
        .containsPattern("processor  [0-9]+\\.[0-9] s\n");
    assertThat(result("report.html")).content().contains("<h1>Simulation debian-12");
    assertThat(result("summary.json"))
        .content()
        .contains("\"violations\" : 0", "\"chunks\" : 318", "\"corrections_fired\" : 3");
    assertThat(run(List.of("replay", record.toString()))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("chain      intact", "led to the same");
    assertThat(folder.resolve("run.evidence.part")).doesNotExist();
  }

  @Test
  void demo_whereNothingFits_writesBothFilesAndIsInfeasible() throws IOException {
    Path chunks = catalogue("d,a,0,9,500000000000", "d,b,10,19,7");
    assertThat(demo("--full", "--workers", "4", "--catalogue", chunks.toString()))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(out.toString())
        .contains("short after 'The chunks come to an empty fleet': 1 chunk found no place");
    assertThat(result("report.html"))
        .content()
        .contains("Not whole at the end: ", "1 new chunk without a place", "to an empty fleet");
    assertThat(result("summary.json")).content().contains("\"deferred\" : 1");
  }

  @Test
  void catalogue_thatIsMalformed_isRefusedByLineAndField() throws IOException {
    Path chunks = catalogue("d,a,0,9,-5");
    assertThat(demo("--catalogue", chunks.toString())).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString())
        .startsWith(chunks.toString())
        .contains(":2: size_bytes: expected a whole number of bytes");
    assertThat(out.toString()).isEmpty();
    assertThat(result("report.html")).doesNotExist();
  }

  @Test
  void output_thatIsAFile_isRefusedBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("result"), "mine");
    assertThat(demo()).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("expected a folder, found a file");
    assertThat(file).hasContent("mine");
  }

  @Test
  void record_whereNothingCanBeWritten_isRefusedBeforeTheWork() {
    for (Path place : List.of(folder, folder.resolve("absent").resolve("run.evidence"))) {
      assertThat(demo("--record", place.toString())).isEqualTo(ExitCode.INPUT);
      assertThat(err.toString()).contains(place + ": expected a file");
    }
    assertThat(result("summary.json")).doesNotExist();
  }

  @Test
  @EnabledIf("hasAFullDevice")
  void record_ontoAFullDisk_isRefusedInWordsAndKeepsTheOldFile() throws IOException {
    Path place = Files.writeString(folder.resolve("run.evidence"), "good");
    Files.createSymbolicLink(folder.resolve("run.evidence.part"), FULL);
    String chunks = catalogue("d,a,0,9,5").toString();
    assertThat(demo("--workers", "4", "--catalogue", chunks, "--record", place.toString()))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString())
        .startsWith("stowage: the run could not be recorded: cannot write")
        .contains("No space left on device")
        .doesNotContain("\tat ", "bug");
    assertThat(place).hasContent("good");
    assertThat(folder.resolve("run.evidence.part")).doesNotExist();
    assertThat(result("report.html")).doesNotExist();
  }

  static boolean hasAFullDevice() {
    return Files.isWritable(FULL);
  }

  private Path catalogue(String... rows) throws IOException {
    return Files.writeString(
        folder.resolve("c.csv"), HEADER + "\n" + String.join("\n", rows) + "\n");
  }

  private Path result(String name) {
    return folder.resolve("result").resolve(name);
  }

  private int demo(String... options) {
    List<String> words =
        new ArrayList<>(List.of("demo", "--out", folder.resolve("result").toString()));
    words.addAll(List.of(options));
    return run(words);
  }

  private int run(List<String> words) {
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    String[] args = words.toArray(String[]::new);
    return StowageCommand.commandLine(console, args).execute(args);
  }
}
