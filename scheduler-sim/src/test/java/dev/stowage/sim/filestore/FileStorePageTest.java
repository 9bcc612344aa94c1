package dev.stowage.sim.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.mutants.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/write-a-store.md} shows what is there. */
class FileStorePageTest {
  private static final Path ROOT = Files.exists(Path.of("docs")) ? Path.of("") : Path.of("..");
  private static final String FOLDER = "scheduler-sim/src/test/java/dev/stowage/sim/filestore/";

  @Test
  void page_namesEveryBrokenStore_andWhatCatchesIt() throws IOException {
    List<String> rows = new ArrayList<>();
    BrokenFileStoreTest.stores().forEach(store -> rows.add(row(store)));
    assertThat(page()).contains("| --- | --- | --- | --- |\n" + String.join("\n", rows) + "\n\n");
  }

  private static String row(Mutant store) {
    return String.join(
        " | ",
        "| `" + store + "`",
        "`" + store.section() + "`",
        store.breaks(),
        store.witness().replaceFirst(" (.*)", " `$1`") + " |");
  }

  @Test
  void snippet_isATestOfEveryBuild() throws IOException {
    String snippet = page().split("```java\n")[1].split("```")[0];
    List<String> source = Files.readAllLines(ROOT.resolve(FOLDER + "FileConformanceTest.java"));
    assertThat(source).containsSubsequence(snippet.lines().toList());
  }

  @Test
  void files_ofTheTable_areThere() throws IOException {
    String table = page().split("\\| file \\| what it is \\|")[1].split("\n\n")[0];
    List<String> named =
        table
            .lines()
            .filter(line -> line.startsWith("| `"))
            .flatMap(line -> List.of(line.split("\\|")[1].split(",")).stream())
            .map(name -> name.replace("`", "").strip())
            .toList();
    assertThat(named)
        .contains("Journal", "FileConformanceTest")
        .allSatisfy(name -> assertThat(ROOT.resolve(FOLDER + name + ".java")).exists());
  }

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/write-a-store.md"));
  }
}
