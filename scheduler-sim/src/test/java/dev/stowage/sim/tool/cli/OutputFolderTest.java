package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  /** A device of Linux to which nothing can be written. */
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path place;

  @Test
  void write_intoANewFolder_leavesOnlyTheFiles() throws Exception {
    Path folder = place.resolve("a/b");
    OutputFolder.opened(folder, List.of("x", "y")).write(texts());
    assertThat(names(folder)).containsExactly("x", "y");
    assertThat(folder.resolve("y")).hasContent("two");
  }

  @Test
  void write_overOldFiles_replacesThem() throws Exception {
    Files.writeString(place.resolve("x"), "old");
    OutputFolder.opened(place, List.of("x", "y")).write(texts());
    assertThat(place.resolve("x")).hasContent("one");
  }

  @Test
  @EnabledIf("hasAFullDevice")
  void write_ontoAFullDisk_keepsTheOldFilesAndLeavesNoPart() throws Exception {
    Files.writeString(place.resolve("x"), "good");
    Files.writeString(place.resolve("y"), "good too");
    OutputFolder folder = OutputFolder.opened(place, List.of("x", "y"));
    Files.createSymbolicLink(place.resolve("y.part"), FULL);
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> folder.write(texts()))
        .withMessageContaining("cannot write 3 bytes")
        .withMessageContaining("No space left on device");
    assertThat(place.resolve("x")).hasContent("good");
    assertThat(place.resolve("y")).hasContent("good too");
    assertThat(names(place)).containsExactly("x", "y");
  }

  @Test
  void write_whereTheFolderIsGone_isRefused() throws Exception {
    Path inner = place.resolve("inner");
    OutputFolder folder = OutputFolder.opened(inner, List.of("x", "y"));
    Files.delete(inner);
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> folder.write(texts()))
        .withMessageContaining("cannot write 3 bytes");
    assertThat(inner).doesNotExist();
  }

  static boolean hasAFullDevice() {
    return Files.isWritable(FULL);
  }

  @Test
  void opened_onAFile_isRefused() throws IOException {
    Path file = Files.writeString(place.resolve("f"), "");
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> OutputFolder.opened(file, List.of("x")))
        .withMessage(file + ": expected a folder, found a file");
  }

  @Test
  void opened_belowAFile_isRefused() throws IOException {
    Path file = Files.writeString(place.resolve("f"), "");
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> OutputFolder.opened(file.resolve("below"), List.of("x")));
  }

  @Test
  void opened_whereAFolderHasTheNameOfAFile_isRefused() throws IOException {
    Files.createDirectory(place.resolve("x"));
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> OutputFolder.opened(place, List.of("x")))
        .withMessageEndingWith("expected a file, found a folder");
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("x", "one");
    texts.put("y", "two");
    return texts;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
