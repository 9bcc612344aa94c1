package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares what the command line prints with the files of {@code golden}. In these, {@code > NAME}
 * begins a file, <code>$ WORDS</code> runs a command (or shows a file: {@code cat}), {@code = CODE}
 * begins its exit code and all that it prints, {@code == TITLE} begins a case with the files above
 * the first one. {@code @} is the folder. {@code -Dstowage.golden=true} writes what is printed into
 * the files.
 */
class GoldenTest {
  private static final Path FILES = Path.of("src", "test", "resources", "golden");
  private static final boolean IS_WRITTEN = Boolean.getBoolean("stowage.golden");

  @TempDir(factory = MemoryFolder.class)
  private Path folder;

  static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(FILES)) {
      return all.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_ofCases_saysWhatIsPrinted(Path file) throws IOException {
    String told = told(Files.readString(file));
    if (IS_WRITTEN) {
      Files.writeString(file, told);
    }
    assertThat(told).isEqualTo(Files.readString(file));
  }

  /** Runs the commands of a text, and returns it with what they print. */
  private String told(String text) throws IOException {
    StringBuilder told = new StringBuilder();
    Map<String, String> common = new LinkedHashMap<>();
    Path here = null;
    PlanRunner stowage = new PlanRunner(folder);
    for (String block : text.split("(?m)^(?=(?:==|[>$=]) )")) {
      int end = block.indexOf('\n');
      String first = block.substring(0, end);
      if (block.startsWith("= ")) {
        continue;
      }
      told.append(block);
      if (block.startsWith("== ")) {
        here = Files.createTempDirectory(folder, "case");
        stowage = new PlanRunner(here);
        common.forEach(stowage::write);
      } else if (block.startsWith("> ") && here == null) {
        common.put(first.substring(2), content(block, end));
      } else if (block.startsWith("> ")) {
        stowage.write(first.substring(2), content(block, end));
      } else {
        told.append(answered(stowage, first.substring(2), here + "/"));
      }
    }
    return told.toString();
  }

  /** Returns the text of a file; a backslash at its end stands for no end of the last line. */
  private static String content(String block, int end) {
    String text = block.substring(end + 1);
    return text.endsWith("\\\n") ? text.substring(0, text.length() - 2) : text;
  }

  private static String answered(PlanRunner stowage, String line, String here) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ")) {
      words.add(word.replace("@", here));
    }
    boolean isFile = words.get(0).equals("cat");
    int code = isFile ? 0 : stowage.run(words);
    String said = isFile ? stowage.text("", words.get(1)) : stowage.out() + stowage.err();
    int out = words.indexOf("--out");
    if (code == ExitCode.INPUT && out > 0) {
      assertThat(Path.of(words.get(out + 1))).as(line).doesNotExist();
    }
    return "= "
        + code
        + "\n"
        + said.replace(here, "@")
            .replaceAll("\\b([0-9a-f]{64}|[0-9a-f]{12}(-[0-9a-f]{12}){5})\\b", "#");
  }
}
