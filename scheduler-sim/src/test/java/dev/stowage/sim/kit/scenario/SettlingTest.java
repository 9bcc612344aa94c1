package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import dev.stowage.sim.kit.world.StepFailure;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fleet settles, or is excused only where forgotten bytes are in its way. */
class SettlingTest {
  private ScenarioWorld world;

  /** The only worker of a zone has a disk full of bytes that the store has forgotten. */
  @BeforeEach
  void begin() throws UnreadableWord {
    Settings settings = Settings.defaults();
    for (String line : List.of("floor=2", "retention=3", "drain_window=2", "give_up_after=6")) {
      SettingKeys.apply(settings, new Options(WordReader.of(line), SettingKeys.names()).all());
    }
    world = ScenarioWorld.audited(settings, new MemoryScenarioStore());
    tell("worker c capacity=2MiB zone=y", "worker a capacity=8MiB zone=x");
    tell("worker b capacity=8MiB zone=x", "ingest d/old 0-9 size=1MiB");
    tell("ingest d/older 10-19 size=1MiB", "settle", "leave c", "remove d/old");
    tell("remove d/older", "settle", "tick 5", "purge");
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void tell(String... lines) throws UnreadableWord {
    for (String line : lines) {
      assertThat(StepReader.read(line).run(world).isDone()).as(line).isTrue();
    }
  }

  /** Two chunks that are given up at different times: there are never four calm rounds. */
  private void crowd() throws UnreadableWord {
    tell("return c disk=kept", "schedule", "fetch all", "ingest d/n1 0-9 size=1MiB", "round");
    tell("round 3", "ingest d/n2 20-29 size=1MiB", "round");
  }

  @Test
  void settle_besideForgottenBytes_isExcusedWhereItSaysSo() throws UnreadableWord {
    crowd();
    assertThatThrownBy(() -> StepReader.read("settle max=40").run(world))
        .isInstanceOf(StepFailure.class);
    tell("settle max=40 beside=unknown-bytes");
    assertThat(world.isSettled()).isFalse();
  }

  @Test
  void settle_thatComesToItsEnd_saysSo() throws UnreadableWord {
    tell("settle max=40 beside=unknown-bytes");
    assertThat(world.isSettled()).isTrue();
  }

  @Test
  void settle_whereNothingIsCrowded_hasNoExcuse() throws UnreadableWord {
    try (ScenarioWorld other =
        ScenarioWorld.audited(Settings.defaults(), new MemoryScenarioStore())) {
      StepReader.read("worker a capacity=2MiB").run(other);
      StepReader.read("ingest d/c 0-9 size=1MiB").run(other);
      assertThatThrownBy(() -> StepReader.read("settle max=3 beside=unknown-bytes").run(other))
          .isInstanceOf(StepFailure.class);
    }
  }

  @Test
  void settle_besideAnythingElse_isRefused() {
    assertThatThrownBy(() -> StepReader.read("settle beside=laziness"))
        .isInstanceOf(UnreadableWord.class)
        .hasMessageContaining("unknown-bytes");
  }
}
