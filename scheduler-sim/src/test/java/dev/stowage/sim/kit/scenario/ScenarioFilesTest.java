package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule of the lifecycle design, by example: one file each, in the order of its sections. */
class ScenarioFilesTest {
  /** Files that follow the page and that the code does not: a line each, name and reason. */
  private static final String KNOWN = "known.list";

  @TestFactory
  Stream<DynamicTest> scenario_holds() throws IOException {
    List<String> known = known();
    return files().stream()
        .filter(file -> known.stream().noneMatch(line -> line.startsWith(file.getFileName() + " ")))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> runs(file)));
  }

  private static void runs(Path file) throws ScenarioProblems {
    assertThat(Scenario.read(file).run()).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> known_scenario_still_fails() throws IOException {
    Path folder = folder();
    return known().stream()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .map(name ->
            DynamicTest.dynamicTest(
                name, () -> assertThat(Scenario.read(folder.resolve(name)).run()).isPresent()));
  }

  @Test
  void files_name_their_section() throws IOException {
    for (Path file : files()) {
      assertThat(Files.readAllLines(file).stream().limit(4).toList())
          .as(file.getFileName().toString())
          .anyMatch(line -> line.startsWith("#") && line.contains("lifecycle design, section"));
    }
  }

  private static List<String> known() throws IOException {
    return Files.readAllLines(folder().resolve(KNOWN)).stream()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .toList();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  private static Path folder() {
    URL folder = ScenarioFilesTest.class.getResource("/dev/stowage/sim/scenarios");
    try {
      return Path.of(Objects.requireNonNull(folder, "folder").toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
