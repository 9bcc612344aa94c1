package dev.stowage.transfers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.content.RepairConfig;
import dev.stowage.transfers.RepairPolicy.Action;
import dev.stowage.transfers.RepairPolicy.Decided;
import dev.stowage.transfers.RepairPolicy.Mode;
import dev.stowage.transfers.RepairPolicy.Relay;
import dev.stowage.transfers.RepairPolicy.Situation;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepairPolicyTest {
  private static final RepairPolicy POLICY = new RepairPolicy();
  private static final RepairFactors BASE =
      RepairFactors.NONE
          .withGain(400_000, 10_000, 10_000, 64 << 10)
          .withStrain(50, 25)
          .withPath(1, 0, 1_000, 0);

  @Test
  void roi_ofTheBaseCase() {
    Decided decided = POLICY.decide(BASE, null, null);
    assertThat(decided.grossMicros()).isEqualTo(400_000);
    assertThat(decided.costMicros()).isEqualTo(51_875);
    assertThat(decided.netMicros()).isEqualTo(348_125);
    assertThat(decided.action()).isEqualTo(Action.EXACT_RETRANSMIT);
    assertThat(decided.described())
        .isEqualTo(
            "saved=400000 encode=10000 decode=10000 bytes=65536 memory=50 contention=25 loss=1"
                + " resume=0 stability=1000 peers=0");
  }

  @Test
  void roi_underMemoryPressure_failsClosed() {
    RepairFactors strained =
        BASE.withGain(2_000_000, 10_000, 10_000, 64 << 10)
            .withStrain(950, 25)
            .withPath(1, 100, 1_000, 0);
    Decided decided = POLICY.decide(strained, null, null);
    assertThat(decided.action()).isEqualTo(Action.OFF);
    assertThat(decided.blockedBy()).isEqualTo("blocked_by_memory_pressure");
    assertThat(decided.netMicros()).isEqualTo(33_125);
    RepairFactors hopeful = strained.withStrain(850, 0).withPath(1, 600, 1_000, 0);
    assertThat(POLICY.decide(hopeful, null, null).action()).isNotEqualTo(Action.OFF);
    RepairFactors contended = strained.withStrain(0, 900).withPath(1, 599, 1_000, 0);
    assertThat(POLICY.decide(contended, null, null).blockedBy()).isEqualTo("blocked_by_contention");
    RepairFactors below = strained.withStrain(849, 0).withPath(1, 0, 1_000, 0);
    assertThat(POLICY.decide(below, null, null).blockedBy()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "49999,0,0,0,OFF",
    "50000,0,0,0,EXACT_RETRANSMIT",
    "149999,10,0,0,EXACT_RETRANSMIT",
    "150000,10,0,0,PARITY_TRICKLE",
    "150000,9,0,0,EXACT_RETRANSMIT",
    "100000,0,600,0,PARITY_TRICKLE",
    "999999,80,0,0,PARITY_TRICKLE",
    "1000000,80,0,0,BURST_REPAIR",
    "1000000,79,0,0,PARITY_TRICKLE",
    "1500000,80,0,2,MULTI_PEER",
    "1499999,80,0,2,BURST_REPAIR",
    "1500000,80,0,1,BURST_REPAIR"
  })
  void roi_atEachGate(long saved, int loss, int resume, int peers, Action action) {
    RepairFactors factors =
        RepairFactors.NONE.withGain(saved, 0, 0, 0).withPath(loss, resume, 1_000, peers);
    assertThat(POLICY.decide(factors, null, null).action()).isEqualTo(action);
  }

  @Test
  void relay_isPaidFor_andSizesBeyondAMebibyteCount() {
    RepairFactors factors =
        RepairFactors.NONE.withGain(1_000_000, 0, 0, 1 << 20).withPath(1, 0, 499, 0);
    Decided relayed = POLICY.decide(factors, new Relay(false, 500_000), null);
    assertThat(relayed.action()).isEqualTo(Action.RELAY_REPAIR);
    assertThat(relayed.costMicros()).isEqualTo(530_000);
    assertThat(POLICY.decide(factors, new Relay(false, 500_001), null).action())
        .isEqualTo(Action.EXACT_RETRANSMIT);
    RepairFactors stable = factors.withPath(1, 0, 500, 0);
    assertThat(POLICY.decide(stable, new Relay(false, 1), null).action())
        .isEqualTo(Action.EXACT_RETRANSMIT);
    assertThat(POLICY.decide(stable, new Relay(true, 1), null).action())
        .isEqualTo(Action.RELAY_REPAIR);
    RepairFactors large = factors.withGain(1_000_000, 0, 0, 1 << 30);
    assertThat(POLICY.decide(large, null, null).action()).isEqualTo(Action.OFF);
    assertThat(POLICY.decide(factors, null, Action.BURST_REPAIR).action())
        .isEqualTo(Action.BURST_REPAIR);
  }

  @Test
  void otherBounds_decideOtherwise_andAreChecked() {
    RepairConfig strict = RepairConfig.DEFAULT.withLeastNet(348_126);
    assertThat(new RepairPolicy(strict).decide(BASE, null, null).blockedBy())
        .isEqualTo("not_worth_it");
    RepairConfig eager =
        RepairConfig.DEFAULT.withNetGains(300_000, 340_000, 348_000).withLosses(1, 1);
    assertThat(new RepairPolicy(eager).decide(BASE.withPath(1, 0, 1_000, 2), null, null).action())
        .isEqualTo(Action.MULTI_PEER);
    RepairConfig timid = RepairConfig.DEFAULT.withBlocking(50, 1_000);
    assertThat(new RepairPolicy(timid).decide(BASE, null, null).blockedBy())
        .isEqualTo("blocked_by_memory_pressure");
    assertThatThrownBy(() -> RepairConfig.DEFAULT.withLikelyResume(1_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("likely_resume_permille");
  }

  @Test
  void sums_saturate() {
    RepairFactors huge =
        RepairFactors.NONE
            .withGain(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)
            .withPath(0, 1_000, 1_000, 0);
    Decided decided = POLICY.decide(huge, null, null);
    assertThat(decided.grossMicros()).isEqualTo(Long.MAX_VALUE);
    assertThat(decided.costMicros()).isEqualTo(Long.MAX_VALUE);
    assertThat(decided.action()).isEqualTo(Action.OFF);
    assertThatThrownBy(() -> BASE.withStrain(1_001, 0)).hasMessageContaining("memoryPermille");
  }

  @Test
  void mode_isTheFirstThatFits_andWaitsForItsCooldown() {
    Situation calm = new Situation(7, false, 0, false, 499, 0);
    assertThat(POLICY.modeOf(BASE, new Situation(8, true, 9, true, 999, 9)))
        .isEqualTo(Mode.BROADCAST);
    assertThat(POLICY.modeOf(BASE, new Situation(7, true, 9, true, 999, 9))).isEqualTo(Mode.SWARM);
    assertThat(POLICY.modeOf(BASE, new Situation(7, false, 1, true, 999, 9)))
        .isEqualTo(Mode.MOBILE_UNSTABLE);
    assertThat(POLICY.modeOf(BASE, new Situation(7, false, 0, true, 999, 9)))
        .isEqualTo(Mode.RELAY_EXPENSIVE);
    assertThat(POLICY.modeOf(BASE.withPath(1, 600, 500, 0), calm)).isEqualTo(Mode.RESUME);
    assertThat(POLICY.modeOf(BASE, new Situation(7, false, 0, false, 500, 9)))
        .isEqualTo(Mode.SATELLITE);
    assertThat(POLICY.modeOf(BASE.withPath(10, 0, 500, 0), calm)).isEqualTo(Mode.LOSSY);
    assertThat(POLICY.modeOf(BASE, calm)).isEqualTo(Mode.TAIL);
    RepairPolicy policy = new RepairPolicy();
    assertThat(policy.use(Mode.TAIL, 0)).isEmpty();
    assertThat(policy.use(Mode.TAIL, 99_999)).isEqualTo(OptionalLong.of(1));
    assertThat(policy.use(Mode.LOSSY, 99_999)).isEmpty();
    assertThat(policy.use(Mode.TAIL, 100_000)).isEmpty();
  }
}
