package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The engine over the memory store against the naive model: after every command the same answer,
 * the same ids, the same state, and the planner was told the same.
 */
class ReferenceModelTest {
  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void drawnStory_isToldAlikeByBoth(@ForAll long seed) {
    ToldStory story = ToldStory.drawn(seed, 150);
    assertThat(story.found()).as(() -> "seed " + seed + "\n" + story.shrunk()).isEmpty();
  }

  /** Runs fixed stories, few enough for mutation tests. */
  @TestFactory
  Stream<DynamicTest> fixedStory_isToldAlikeByBoth() {
    return LongStream.rangeClosed(1, 12)
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed, () -> assertThat(ToldStory.drawn(seed, 100).found()).isEmpty()));
  }

  @TestFactory
  Stream<DynamicTest> scenario_isToldAlikeByBoth() throws IOException {
    return ScenarioFiles.all().stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> tell(file)));
  }

  private static void tell(Path file) throws IOException {
    List<String> lines =
        Scenario.steps(Files.readString(file)).stream().map(Scenario.Written::text).toList();
    ToldStory story = ToldStory.of(lines);
    assertThat(story.found()).as(() -> story.shrunk().toString()).isEmpty();
  }
}
