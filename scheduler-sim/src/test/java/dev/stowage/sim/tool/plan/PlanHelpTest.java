package dev.stowage.sim.tool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The help and the page name every column and key that a plan reads. */
class PlanHelpTest {
  private static final Path PAGE = Path.of("..", "docs", "plan.md");

  private static List<String> columns() {
    List<String> all = new ArrayList<>();
    for (String file :
        List.of(PlanFields.WORKERS_FILE, PlanFields.CHUNKS_FILE, PlanFields.HELD_FILE)) {
      all.addAll(PlanFields.all(file));
    }
    return all;
  }

  @Test
  void help_namesAll() {
    assertThat(PlanHelp.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    String help = String.join(" ", PlanHelp.lines());
    assertThat(columns()).hasSizeGreaterThan(25).allSatisfy(it -> assertThat(help).contains(it));
    assertThat(PlanSettings.keys().keySet())
        .contains("min_replication", "pins", "saturation", "settings")
        .allSatisfy(key -> assertThat(help).contains(key));
    assertThat(PlanSettings.keys().get(PlanSettings.SETTINGS))
        .contains("drain_window")
        .allSatisfy(key -> assertThat(help).contains(key));
  }

  /** The page on the configuration, which is derived, has what comes of a shape. */
  @Test
  void page_namesWhatNoShapeHas() throws IOException {
    String page = Files.readString(PAGE);
    List<String> ofWorkers =
        Shape.of(Worker.Description.class).fields().stream().<String>map(Field::name).toList();
    assertThat(columns())
        .filteredOn(column -> !ofWorkers.contains(column))
        .allSatisfy(column -> assertThat(page).contains("`" + column + "`"));
    List<String> ofThePlanner =
        SettingText.settings(Shape.of(PlacementConfig.class)).stream()
            .<String>map(SettingText::word)
            .toList();
    assertThat(PlanSettings.keys().keySet())
        .filteredOn(key -> !ofThePlanner.contains(key))
        .allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
  }
}
