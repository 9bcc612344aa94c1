package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Java blocks of pages are code of tests, which is compiled and run. */
class SnippetsTest {
  private static final List<Path> SOURCES =
      List.of(
          Path.of("src/test/java/dev/stowage/storage/memory"),
          Path.of("../scheduler-core/src/test/java/dev/stowage/deterministic"),
          Path.of("../scheduler-sim/src/test/java/dev/stowage/sim/tool/cli"));

  /** A block, and the mark before it that names the test of another module, or .ci/smoke. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "(<!-- snippet: (?:explanation|smoke)-[^>]*-->\\s*)?```java\\n(.*?)```",
          Pattern.DOTALL);

  /** Counts blocks too, or a page whose blocks are not found would pass. */
  @ParameterizedTest
  @CsvSource({
    "README.md, 1",
    "docs/adopting.md, 1",
    "docs/clients.md, 1",
    "docs/configuration.md, 1",
    "docs/getting-started.md, 2",
    "docs/internals/content-scheduler.md, 5",
    "docs/internals/deterministic.md, 3",
    "docs/internals/states.md, 1",
    "docs/operating.md, 2",
    "docs/replay.md, 3",
    "docs/service.md, 3",
    "docs/transfers.md, 4"
  })
  void blocksOfAPage_areCodeOfTests(String page, int blocks) throws IOException {
    String sources = sources();
    int found = 0;
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..").resolve(page)));
    while (block.find()) {
      if (block.group(1) == null) {
        found++;
        assertThat(sources).contains(bare(block.group(2)));
      }
    }
    assertThat(found).isEqualTo(blocks);
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path folder : SOURCES) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.java")) {
        for (Path file : files) {
          all.append(bare(Files.readString(file))).append('\n');
        }
      }
    }
    return all.toString();
  }

  /** Where lines break is the formatter's business; imports differ by package. */
  private static String bare(String code) {
    return code.replaceAll("(?m)^import .*", "").replaceAll("\\s+", "");
  }
}
