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
}
