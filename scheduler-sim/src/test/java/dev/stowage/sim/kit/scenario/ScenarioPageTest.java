package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The user page about scenario files: its example runs. */
class ScenarioPageTest {
  private static final String FENCE = "```";

  @Test
  void example_ofThePage_holds() throws IOException, ScenarioProblems {
    List<String> lines = page("internals/scenarios.md").lines().toList();
    int mark = indexOf(lines, "<!-- snippet: scenario-example", 0);
    int begin = indexOf(lines, FENCE, mark) + 1;
    List<String> example = lines.subList(begin, indexOf(lines, FENCE, begin));
    assertThat(example).hasSizeGreaterThan(10);
    assertThat(Scenario.parse("page", String.join("\n", example)).run()).isEmpty();
  }

  private static int indexOf(List<String> lines, String start, int from) {
    for (int at = from; at < lines.size(); at++) {
      if (lines.get(at).startsWith(start)) {
        return at;
      }
    }
    throw new AssertionError("no line starts with " + start);
  }

  /** Tests run in the module's folder or, from an editor, in the repository's. */
  private static String page(String name) throws IOException {
    Path beside = Path.of("..", "docs", name);
    return Files.readString(Files.exists(beside) ? beside : Path.of("docs", name));
  }
}
