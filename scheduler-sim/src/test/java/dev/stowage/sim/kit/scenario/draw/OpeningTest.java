package dev.stowage.sim.kit.scenario.draw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.kit.world.Chance;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Walks meet every setting that a plan knows. */
class OpeningTest {
  @Test
  void openings_drawEverySettingOfAPlan() {
    Chance chance = Chance.ofSeed(1);
    Set<String> drawn = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      Opening opening = Opening.drawn(true, "quorum:100", chance::below);
      for (String option : opening.config().split(" ")) {
        drawn.add(option.replaceFirst("=.*", ""));
      }
    }
    assertThat(SettingText.settings(Shape.of(PlacementConfig.class)))
        .extracting(SettingText::word)
        .allMatch(drawn::contains);
  }
}
