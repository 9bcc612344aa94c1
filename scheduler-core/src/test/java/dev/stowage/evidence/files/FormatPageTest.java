package dev.stowage.evidence.files;

import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stowage.evidence.Bits;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Runs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program of the format page, which shares nothing with the library, on our files. */
class FormatPageTest {
  @TempDir Path temp = Path.of("unset");
  private Path program = Path.of("unset");

  private record Output(int code, String text) {}

  private static Output run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Output(process.exitValue(), text);
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return run("python3", "--version").code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @BeforeEach
  void extractProgram() throws IOException, InterruptedException {
    assumeTrue(hasPython(), "this machine has no python3 to run the page's program with");
    String page = Files.readString(Path.of("..", "docs", "internals", "evidence-format.md"));
    int start = page.indexOf("```python\n") + "```python\n".length();
    program = temp.resolve("check.py");
    Files.writeString(program, page.substring(start, page.indexOf("```", start)));
  }

  private Path written(int records) {
    Path file = temp.resolve("run.seg");
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .sink(SegmentSink.file(file, SegmentSink.Fsync.NEVER), SinkPolicy.block())
            .build();
    Runs.append(log, Runs.drafts(11, records, 100));
    log.close();
    return file;
  }

  @Test
  void programOfThePage_findsTheSameHead() throws IOException, InterruptedException {
    Path file = written(300);
    Hash256 head = Runs.naive(Runs.drafts(11, 300, 100)).headHash();

    Output output = run("python3", program.toString(), file.toString());

    assertThat(output.text()).isEqualTo("end 300 " + head + "\n300 records, head " + head + "\n");
    assertThat(output.code()).isZero();
  }

  @Test
  void programOfThePage_seesAFlippedBit() throws IOException, InterruptedException {
    Path file = written(30);
    byte[] bytes = Bits.read(file);
    int first = SegmentFormat.headLength(bytes, 0);
    Bits.write(file, Bits.flipped(bytes, (first + 9) * 8));

    Output output = run("python3", program.toString(), file.toString());

    assertThat(output.code()).isNotZero();
    assertThat(output.text()).contains("record 0 is not what was written");
  }
}
