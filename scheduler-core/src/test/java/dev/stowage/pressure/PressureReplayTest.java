package dev.stowage.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.Nanos;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.pressure.LoadSource.LoadSignals.LoadSignal;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the governor saw and decided comes out again, without the source. */
class PressureReplayTest {
  private static final long SECOND = Nanos.PER_SECOND;

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void governor_inAnyHistory_isReplayedWithoutItsSource(@ForAll long seed) {
    Random random = new Random(seed);
    LoadGovernor.Config config = config(random);
    EvidenceLog log = EvidenceLog.of(LoadGovernor.header(config, "test"));
    LoadGovernor governor = LoadGovernor.recording(config, at -> signals(random), log);
    long now = 0;
    int underWay = 0;
    for (int i = random.nextInt(300); i > 0; i--) {
      now += random.nextInt(4) * SECOND / 2;
      switch (random.nextInt(4)) {
        case 0 -> governor.record(signals(random), now);
        case 1 -> {
          if (underWay > 0) {
            governor.release();
            underWay--;
          }
        }
        default -> underWay += governor.admit(now).isAdmitted() ? 1 : 0;
      }
    }
    assertThat(Replayer.run(log.header(), log.records(), LoadGovernor.factory()))
        .isInstanceOf(ReplayResult.Same.class);
  }

  private static LoadGovernor.Config config(Random random) {
    LoadGovernor.Mode[] modes = LoadGovernor.Mode.values();
    return new LoadGovernor.Config(modes[random.nextInt(modes.length)], random.nextInt(3) * SECOND);
  }

  private static LoadSignals signals(Random random) {
    LoadSignals signals = LoadSignals.NONE;
    for (LoadSignal signal : LoadSignal.values()) {
      signals = random.nextInt(3) == 0 ? signals : signals.with(signal, 1.3 * random.nextDouble());
    }
    return signals;
  }
}
