package dev.stowage.sim.kit.scenario;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The folder of scenario files. */
final class ScenarioFiles {
  private ScenarioFiles() {}

  static Path folder() {
    URL folder = ScenarioFiles.class.getResource("/dev/stowage/sim/scenarios");
    try {
      return Path.of(Objects.requireNonNull(folder, "folder").toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** All of them, in the order of their names. */
  static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  /** Those that hold: without the ones of which it is known that they do not. */
  static List<Path> holding() throws IOException {
    List<String> known = Files.readAllLines(folder().resolve("known.list"));
    return all().stream()
        .filter(file -> known.stream().noneMatch(line -> line.startsWith(file.getFileName() + " ")))
        .toList();
  }
}
