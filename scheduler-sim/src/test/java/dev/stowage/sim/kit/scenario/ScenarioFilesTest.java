package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule of the lifecycle design, by example: one file each, in the order of its sections. Each
 * file is told once: its expectations hold, every command is audited, and the reference model
 * answers as the engine does.
 */
class ScenarioFilesTest {
  @TestFactory
  Stream<DynamicTest> scenario_holds() throws IOException {
    return ScenarioFiles.all().stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> runs(file)));
  }

  private static void runs(Path file) throws ScenarioProblems {
    assertThat(Scenario.read(file).runBesideTheModel()).isEmpty();
  }

  @Test
  void files_name_their_section() throws IOException {
    for (Path file : ScenarioFiles.all()) {
      assertThat(Files.readAllLines(file).stream().limit(4).toList())
          .as(file.getFileName().toString())
          .anyMatch(line -> line.startsWith("#") && line.contains("lifecycle design, section"));
    }
  }
}
