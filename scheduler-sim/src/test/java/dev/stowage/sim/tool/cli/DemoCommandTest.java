package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
  /** A device of Linux to which nothing can be written. */
  private static final Path FULL = Path.of("/dev/full");

  private static final String HEADER = "dataset,chunk_id,first_block,last_block,size_bytes\n";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo --nonsense",
        "demo --seed x",
        "demo --seed 9223372036854775808",
        "demo --seed",
        "demo --workers 0",
        "demo --workers -3",
        "demo --workers 10001",
        "demo --workers 1.5",
        "demo --workers 3 --workers 4",
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

  @Test
  void help_ofDemo_teaches() {
    run(List.of("demo", "--help"));
    assertThat(out.toString())
        .contains("--seed", "--workers", "--out", "--catalogue", "--corrections")
        .contains("Examples:", "Exit codes:", "4   the fleet is too small");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "dataset,chunk_id,first_block,size_bytes;d,a,0,5|:1: last_block: expected this column",
        "@;d,a,0,9,-5|:2: size_bytes: expected a whole number of bytes",
        "@;d,a,0,9,NaN|:2: size_bytes: expected a whole number of bytes",
        "@;d,a,0,9,5;d,a,10,19,5|:3: chunk_id: expected a key that occurs once",
        "@;d,a,0,9,5;d,b,9,19,5|:3: first_block: expected blocks that no other chunk",
        "@;d,a,0,9|:2: expected 5 fields, as in the header, found 4",
        "@;d,a,0,9,99999999999999999999|found '99999999999999999999'",
      })
  void catalogue_thatIsMalformed_isRefusedByLineAndField(String text, String complaint)
      throws IOException {
    Path file = write("c.csv", text.replace("@", HEADER.strip()).replace(";", "\n") + "\n");
    refused(file, complaint);
    assertThat(err.toString()).startsWith(file.toString());
  }

  @Test
  void catalogue_thatIsMissing_isRefused() {
    refused(folder.resolve("absent.csv"), "expected a file, found nothing of that name");
  }

  @Test
  void catalogue_thatIsAFolder_isRefused() {
    refused(folder, "expected a readable file, found a directory");
  }

  @Test
  void catalogue_thatIsCutOff_isRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write((HEADER + "d,a,0,9,5\n".repeat(100)).getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = bytes.toByteArray();
    Path file = folder.resolve("c.csv.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length - 6));
    refused(file, "expected complete gzip data, found data that is cut off");
  }

  @Test
  void catalogue_inAnotherEncoding_isRefused() throws IOException {
    Path file = folder.resolve("c.csv");
    Files.write(file, (HEADER + "d,\u00e9,0,9,5\n").getBytes(StandardCharsets.ISO_8859_1));
    refused(file, ":2: expected text in UTF-8");
  }

  @Test
  void corrections_thatNameNoChunk_areRefused() throws IOException {
    Path chunks = write("c.csv", HEADER + "d,a,0,9,5\n");
    Path file =
        write(
            "x.csv",
            "dataset,old_chunk_id,new_chunk_id,first_block,last_block,size_bytes\n"
                + "d,b,b2,0,9,5\n");
    List<String> words = new ArrayList<>(List.of("demo", "--out", outPath().toString()));
    words.addAll(List.of("--catalogue", chunks.toString(), "--corrections", file.toString()));
    assertThat(run(words)).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("x.csv:2: old_chunk_id: expected a chunk");
    assertThat(outPath()).doesNotExist();
  }

  @Test
  void output_thatIsAFile_isRefusedBeforeTheWork() throws IOException {
    Path chunks = write("c.csv", HEADER + "d,a,0,9,5\n");
    Path file = write("out", "mine");
    assertThat(demo(chunks, file)).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("expected a folder, found a file");
    assertThat(file).hasContent("mine");
  }

  @Test
  void fleet_ofFewerWorkersThanTheFloor_isInfeasibleEvenIfWorkersJoinLater() throws IOException {
    Path file = write("c.csv", HEADER + "d,a,0,9,5000000\n");
    int told =
        run(
            List.of(
                "demo",
                "--workers",
                "1",
                "--catalogue",
                file.toString(),
                "--out",
                outPath().toString()));
    assertThat(told).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(out.toString()).contains("short", "after fill: 1 chunk found no place");
    assertThat(outPath().resolve("summary.json")).exists();
  }

  @Test
  void record_ofARun_isReplayedToTheSameHead() throws IOException {
    Path file = write("c.csv", HEADER + "d,a,0,9,5000000\nd,b,10,19,7000000\n");
    Path record = folder.resolve("run.evidence");
    int told =
        run(
            List.of(
                "demo",
                "--workers",
                "9",
                "--catalogue",
                file.toString(),
                "--out",
                outPath().toString(),
                "--record",
                record.toString()));
    assertThat(told).isEqualTo(ExitCode.OK);
    assertThat(run(List.of("replay", record.toString()))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("chain      intact", "led to the same");
    assertThat(folder.resolve(".run.evidence.tmp")).doesNotExist();
  }

  @Test
  void record_whereNothingCanBeWritten_isRefusedBeforeTheWork() throws IOException {
    Path file = write("c.csv", HEADER + "d,a,0,9,5000000\n");
    for (Path place : List.of(folder, folder.resolve("absent").resolve("run.evidence"))) {
      int told =
          run(
              List.of(
                  "demo",
                  "--catalogue",
                  file.toString(),
                  "--out",
                  outPath().toString(),
                  "--record",
                  place.toString()));
      assertThat(told).isEqualTo(ExitCode.INPUT);
      assertThat(err.toString()).contains(place + ": expected a file");
    }
    assertThat(outPath().resolve("summary.json")).doesNotExist();
  }

  @Test
  @EnabledIf("hasAFullDevice")
  void record_ontoAFullDisk_isRefusedInWordsAndKeepsTheOldFile() throws IOException {
    Path chunks = write("c.csv", HEADER + "d,a,0,9,5000000\n");
    Path place = write("run.evidence", "good");
    Files.createSymbolicLink(folder.resolve("run.evidence.part"), FULL);
    assertThat(
            run(
                List.of(
                    "demo",
                    "--workers",
                    "4",
                    "--out",
                    "" + outPath(),
                    "--catalogue",
                    "" + chunks,
                    "--record",
                    "" + place)))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString())
        .startsWith("stowage: the run could not be recorded: cannot write")
        .contains("No space left on device")
        .doesNotContain("\tat ", "bug");
    assertThat(place).hasContent("good");
    assertThat(folder.resolve("run.evidence.part")).doesNotExist();
    assertThat(outPath().resolve("report.html")).doesNotExist();
  }

  static boolean hasAFullDevice() {
    return Files.isWritable(FULL);
  }

  @Test
  void demo_ofASmallCatalogue_writesBothFilesAndSaysWhere() throws IOException {
    Path chunks = write("c.csv", HEADER + "d,a,0,9,5000000\nd,b,10,19,0\ne,a,0,9,7\n");
    assertThat(
            run(
                List.of(
                    "demo", "--workers", "4", "--out", "" + outPath(), "--catalogue", "" + chunks)))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("c.csv (3 chunks, 5.00 MB) on 4 mirrors", "violations", "0 in ", "report.html");
    assertThat(err.toString()).isEmpty();
    assertThat(outPath().resolve("report.html")).content().contains("<h1>c.csv (3 chunks");
    assertThat(outPath().resolve("summary.json")).content().contains("\"violations\" : 0");
  }

  @Test
  void demo_ofAnEmptyCatalogue_isFine() throws IOException {
    assertThat(demo(write("c.csv", HEADER), outPath())).isEqualTo(ExitCode.OK);
    assertThat(outPath().resolve("summary.json")).content().contains("\"replicas\" : 0");
  }

  @Test
  void demo_whereNothingFits_writesBothFilesAndIsInfeasible() throws IOException {
    Path chunks = write("c.csv", HEADER + "d,a,0,9,500000000000\nd,b,10,19,7\n");
    assertThat(demo(chunks, outPath())).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(out.toString()).contains("backpressure", "1 chunk found no place");
    assertThat(outPath().resolve("report.html")).exists();
    assertThat(outPath().resolve("summary.json")).content().contains("\"deferred\" : 1");
  }

  private void refused(Path file, String complaint) {
    assertThat(demo(file, outPath())).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains(complaint);
    assertThat(out.toString()).isEmpty();
    assertThat(outPath()).doesNotExist();
  }

  private int demo(Path catalogue, Path output) {
    return run(List.of("demo", "--catalogue", catalogue.toString(), "--out", output.toString()));
  }

  private Path outPath() {
    return folder.resolve("result");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int run(List<String> words) {
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    return StowageCommand.commandLine(console).execute(words.toArray(String[]::new));
  }
}
