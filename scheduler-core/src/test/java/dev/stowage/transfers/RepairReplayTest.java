package dev.stowage.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.RepairConfig;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.replay.PartReplay;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The policy of repairs, run again from its record alone. */
class RepairReplayTest {
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void repair_inAnyHistory_isReplayed(@ForAll long seed) {
    Random random = new Random(seed);
    RepairConfig config =
        RepairConfig.DEFAULT
            .withLeastNet(random.nextInt(100_000))
            .withLikelyResume(random.nextInt(1_001));
    EvidenceLog log = EvidenceLog.of(RepairPolicy.header(config, "test"));
    RepairPolicy policy = RepairPolicy.recording(config, log);
    for (int i = 0; i < 20; i++) {
      RepairFactors factors =
          RepairFactors.NONE
              .withGain(random.nextInt(3_000_000), 10_000, 10_000, 1 << 20)
              .withStrain(random.nextInt(1001), random.nextInt(1001))
              .withPath(random.nextInt(1001), random.nextInt(1001), 500, random.nextInt(3));
      policy.judge(
          factors,
          random.nextBoolean() ? null : new RepairPolicy.Relay(true, random.nextInt(600_000)),
          random.nextInt(4) == 0 ? RepairPolicy.Action.MULTI_PEER : null);
      RepairPolicy.Mode mode =
          policy.mode(
              factors,
              new RepairPolicy.Situation(
                  random.nextInt(10), false, 0, random.nextBoolean(), 100, 1));
      policy.use(mode, i * 100_000L);
    }
    assertSame(log, Replayer.run(log.header(), log.records(), RepairPolicy.factory()));
  }

  private static void assertSame(EvidenceLog log, ReplayResult result) {
    assertThat(result).isInstanceOf(ReplayResult.Same.class);
    assertThat(log.records())
        .allSatisfy(record ->
            assertThat(PartReplay.catalog().explain(record).toString())
                .doesNotContain("unreadable payload", "unknown type"));
  }
}
