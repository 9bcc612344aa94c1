package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed pictures are those that {@code Draw.java} draws from their texts. */
class PicturesTest {
  private static final Path PICTURES = LinksTest.ROOT.resolve("docs/pictures");

  @TempDir Path folder;

  @Test
  void picture_equalsWhatItsTextDraws() throws Exception {
    Path copies = Files.createDirectories(folder.resolve("docs/pictures"));
    for (Path text : files(PICTURES, ".txt")) {
      Files.copy(text, copies.resolve(text.getFileName()));
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process draw =
        new ProcessBuilder(java, PICTURES.resolve("Draw.java").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(draw.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(draw.waitFor()).as(printed).isZero();
    assertThat(read(PICTURES)).hasSize(5).isEqualTo(read(copies));
  }

  private static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> pictures = new TreeMap<>();
    for (Path picture : files(folder, ".svg")) {
      pictures.put(picture.getFileName().toString(), Files.readString(picture));
    }
    return pictures;
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }
}
