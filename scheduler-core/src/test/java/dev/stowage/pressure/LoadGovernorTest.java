package dev.stowage.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.pressure.LoadGovernor.Config;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.pressure.LoadGovernor.LoadDecision.Outcome;
import dev.stowage.pressure.LoadGovernor.LoadDecision.Verdict;
import dev.stowage.pressure.LoadGovernor.Mode;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.pressure.LoadSource.LoadSignals.LoadSignal;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LoadGovernorTest {
  private static final BigDecimal STEP = new BigDecimal("0.0001");
  private static final BigDecimal TIMES_REJECT = new BigDecimal("1.2");

  @ParameterizedTest
  @CsvSource({
    "RUNNABLE_QUEUE,0.8",
    "BLOCKING_POOL,0.9",
    "CHANNEL_BACKLOG,0.7",
    "CLEANUP_DEBT,0.8",
    "MEMORY_BUDGET,0.9"
  })
  void load_atAndJustAboveEachBound_isOnTheMilderSideOfIt(LoadSignal signal, BigDecimal bound) {
    BigDecimal reject = bound.multiply(TIMES_REJECT);
    assertThat(outcome(signal, bound)).isEqualTo(Outcome.ADMIT);
    assertThat(outcome(signal, bound.add(STEP))).isEqualTo(Outcome.ADMIT_WITH_BACKPRESSURE);
    assertThat(outcome(signal, reject)).isEqualTo(Outcome.ADMIT_WITH_BACKPRESSURE);
    assertThat(outcome(signal, reject.add(STEP))).isEqualTo(Outcome.REJECT);
  }

  @Test
  void governor_withoutLiveSignals_pushesBack_withAllLiveAndIdle_admits() {
    LoadDecision blind = enforcing().admit(0);
    assertThat(blind.outcome()).isEqualTo(Outcome.ADMIT_WITH_BACKPRESSURE);
    assertThat(blind.verdict()).isEqualTo(Verdict.NO_WIN_NO_LIVE_SIGNALS);
    assertThat(blind.verdict().ordinal()).isEqualTo(2);
    LoadGovernor governor = enforcing();
    governor.record(LoadSignals.idle(), 0);
    assertThat(governor.admit(0).outcome()).isEqualTo(Outcome.ADMIT);
    assertThat(governor.admit(0).verdict()).isEqualTo(Verdict.COMPLETE);
  }

  @Test
  void governor_onlyObserving_admitsAndCountsThePartialPicture() {
    LoadGovernor governor =
        new LoadGovernor(Config.DEFAULT.withMode(Mode.OBSERVE), LoadSource.NONE);
    governor.record(LoadSignals.NONE.with(LoadSignal.BLOCKING_POOL, 1.0), 0);
    LoadDecision decision = governor.admit(0);
    assertThat(decision.outcome()).isEqualTo(Outcome.ADMIT);
    assertThat(decision.verdict()).isEqualTo(Verdict.PARTIAL_SIGNALS_UNAVAILABLE);
    assertThat(decision.exceeded()).containsExactly(LoadSignal.BLOCKING_POOL);
    assertThat(governor.count(Verdict.PARTIAL_SIGNALS_UNAVAILABLE)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(LoadSignal.class)
  void load_thatCannotBeOne_readsFullyLoaded(LoadSignal signal) {
    for (double load : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.1}) {
      assertThat(LoadSignals.idle().with(signal, load).load(signal)).isEqualTo(10_000);
    }
    assertThat(LoadSignals.idle().with(signal, Double.MAX_VALUE).load(signal)).isPositive();
  }

  @Test
  void backlog_withoutCapacity_isNotLive_otherwiseItsShareRoundedDown() {
    assertThat(LoadSignals.NONE.withChannelBacklog(1, 0).liveCount()).isZero();
    LoadSignals third = LoadSignals.idle().withChannelBacklog(2, 3);
    assertThat(third.load(LoadSignal.CHANNEL_BACKLOG)).isEqualTo(6_666);
    assertThatThrownBy(() -> LoadSignals.idle().withChannelBacklog(-1, 3))
        .hasMessageContaining("pending is -1");
  }

  @Test
  void source_isSampledAtMostOnceAPeriod_andARecordedSampleCountsAtOnce() {
    long[] asked = new long[1];
    LoadGovernor governor =
        new LoadGovernor(
            Config.DEFAULT.withMode(Mode.ENFORCE),
            now -> {
              asked[0]++;
              return LoadSignals.idle();
            });
    governor.admit(0);
    governor.admit(999_999_999L);
    assertThat(asked[0]).isEqualTo(1);
    governor.admit(1_000_000_000L);
    assertThat(asked[0]).isEqualTo(2);
    governor.record(LoadSignals.idle().with(LoadSignal.CLEANUP_DEBT, 2), 1_000_000_001L);
    assertThat(governor.admit(1_000_000_001L).outcome()).isEqualTo(Outcome.REJECT);
  }

  @Test
  void pressure_asksToWait_andWorkBesideTooMuchIsRejected_untilSomeEnds() {
    LoadGovernor governor = enforcing();
    governor.record(LoadSignals.idle(), 0);
    assertThat(governor.admit(0).retryAfterNanos()).isZero();
    governor.record(LoadSignals.idle().with(LoadSignal.MEMORY_BUDGET, 0.95), 0);
    assertThat(governor.admit(0).retryAfterNanos()).isEqualTo(100_000_000L);
    governor.record(LoadSignals.idle(), 0);
    for (int more = 2; more < LoadGovernor.MOST_AT_ONCE; more++) {
      assertThat(governor.admit(0).isAdmitted()).isTrue();
    }
    LoadDecision refused = governor.admit(0);
    assertThat(refused.outcome()).isEqualTo(Outcome.REJECT);
    assertThat(refused.exceeded()).isEmpty();
    governor.release();
    assertThat(governor.admit(0).isAdmitted()).isTrue();
    assertThatThrownBy(() -> enforcing().release()).isInstanceOf(IllegalStateException.class);
  }

  private static LoadGovernor enforcing() {
    return new LoadGovernor(Config.DEFAULT.withMode(Mode.ENFORCE), LoadSource.NONE);
  }

  private static Outcome outcome(LoadSignal signal, BigDecimal load) {
    LoadGovernor governor = enforcing();
    governor.record(LoadSignals.idle().with(signal, load.doubleValue()), 0);
    return governor.admit(0).outcome();
  }
}
