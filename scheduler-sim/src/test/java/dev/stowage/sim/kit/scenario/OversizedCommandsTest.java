package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.StowageListener;
import dev.stowage.command.ResultCode;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the core and the model refuse a command that is too large, and the story goes on. */
class OversizedCommandsTest {
  @Test
  void oversizedCommands_areRefusedAlikeByCoreAndModel() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "worker a capacity=10MiB", "worker b capacity=10MiB", "ingest d/c 0-9 size=1MiB"));
    for (String what : List.of("inventory", "lost", "applied", "disk")) {
      lines.add("oversized " + what + " a");
      lines.add("round");
    }
    String labels = "l";
    for (int at = 0; at < 256; at++) {
      labels += ",l" + at;
    }
    lines.add("labels a " + labels);
    lines.add("ingest d/fat 10-19 size=1MiB labels=" + labels);
    lines.add("takeover");
    lines.add("settle");
    try (Story story =
        Story.begun(
            "config", Story.MEMORY, Story.Beside.MODEL, StowageListener.NONE, EvidenceSink.NONE)) {
      for (String line : lines) {
        assertThat(story.tell(line)).as(line).isNotInstanceOf(LineResult.Broken.class);
      }
    }
  }

  @Test
  void oversizedCommands_areTooLarge() throws UnreadableWord {
    try (ScenarioWorld world =
        ScenarioWorld.audited(Settings.defaults(), new MemoryScenarioStore())) {
      StepReader.read("worker a capacity=10MiB").run(world);
      for (String what : List.of("inventory", "lost", "applied", "disk")) {
        assertThat(StepReader.read("oversized " + what + " a").run(world).refusal())
            .isEqualTo(ResultCode.TOO_LARGE);
      }
    }
  }
}
