package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan.KeptBack;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.pressure.PressureSnapshot.Resource;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The effect of {@link Command.ResetTime} on each value that a part keeps beside the rows. */
class KeptValueTest {
  private static final Tick BEFORE = Tick.of(5_000);
  private static final Tick BACK = Tick.of(100);
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final LifecycleState state =
      LifecycleState.empty(
          LifecycleConfig.builder().trust(LifecycleConfig.Trust.BLIND).build(), Lineage.of(7));

  /** A value kept at {@link #BEFORE}, and after a reset to {@link #BACK}. */
  record Sample<T>(KeptValue<T> value, T kept, T reset) {}

  private static final List<FormerFloor> FLOORS = List.of(new FormerFloor(DatasetId.of("d"), 0, 2));

  private static final LeaderStanding STANDING =
      new LeaderStanding(
          true,
          "DEGRADED: a turn failed",
          3,
          2,
          1,
          true,
          5,
          4,
          List.of(
              new LeaderStanding.Level(400_000, List.of(A)),
              new LeaderStanding.Level(300_000, List.of())),
          new Told(9, 1, 0.5, 2, 4));

  private static final List<RebalanceConfig> SETTINGS =
      List.of(RebalanceConfig.defaults().withPressureScorer(true));

  static List<Sample<?>> samples() {
    return List.of(
        new Sample<>(
            KeptValue.MOVES,
            List.of(move(1, 4_900, 0), move(2, 4_800, 5_800), move(3, 4_950, 4_700)),
            List.of(move(1, 100, 0), move(2, 100, 1_100), move(3, 100, 0))),
        new Sample<>(
            KeptValue.AVOIDED,
            List.of(new AvoidList.Entry(A, "slow", 4_990, 5_290)),
            List.of(new AvoidList.Entry(A, "slow", 100, 400))),
        new Sample<>(KeptValue.REBALANCERS, SETTINGS, SETTINGS),
        new Sample<>(
            KeptValue.OBSERVED_PRESSURE,
            new ObservedPressure(PressureBand.HIGH, Resource.CPU, 81, 4_999),
            new ObservedPressure(PressureBand.HIGH, Resource.CPU, 81, 100)),
        new Sample<>(KeptValue.PURGED_LIVES, 4_999L, 4_999L),
        new Sample<>(
            KeptValue.MOVED,
            moved(4_800, 4_990, sample(4_800), sample(4_990)),
            moved(100, 100, sample(100))),
        new Sample<>(KeptValue.KEPT_BACK, new KeptBack(1, 2, 3, 4), new KeptBack(1, 2, 3, 4)),
        new Sample<>(KeptValue.HOLD_OVER, true, true),
        new Sample<>(KeptValue.FORMER_FLOORS, FLOORS, FLOORS),
        new Sample<>(KeptValue.LEADER_STANDING, STANDING, STANDING));
  }

  @Test
  void everyKeptValue_hasASample() {
    assertThat(samples()).extracting(Sample::value).isEqualTo(KeptValue.ALL);
  }

  private void tell(Command<?> command, Tick now) {
    lifecycle.execute(state, command, now);
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void resetTime_leavesNoTickAhead(Sample<T> sample) {
    tell(new LeaderCommand.Schedule(), BEFORE);
    tell(new LeaderCommand.Keep(sample.value.with(sample.kept)), BEFORE);
    assertThat(state.kept(sample.value)).isEqualTo(sample.kept);
    tell(new Command.ResetTime(BACK), BACK);
    assertThat(state.kept(sample.value)).isEqualTo(sample.reset);
    assertThat(state.digest()).isEqualTo(state.fullDigest());
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void emptyValue_hasNoContent(Sample<T> sample) {
    assertThat(sample.value.with(state.kept(sample.value)).content()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void unreadableBytes_areRefused_andStayAsTheyAre(Sample<T> sample) {
    Annex garbage = new Annex(sample.value.kind(), new byte[] {9});
    assertThatThrownBy(() -> sample.value.of(garbage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sample.value.kind())
        .hasMessageEndingWith("replace it by an empty one (LeaderCommand.Keep)");
    assertThat(KeptValue.refusal(garbage)).isPresent();
    assertThat(KeptValue.resetTime(garbage, BACK)).isEqualTo(garbage);
  }

  @Test
  void resetTime_leavesAHostsAnnex() {
    Annex theirs = new Annex("host/1", new byte[] {1, 2});
    assertThat(KeptValue.resetTime(theirs, BACK)).isEqualTo(theirs);
    assertThat(KeptValue.refusal(theirs)).isEmpty();
  }

  private static Moved moved(long since, long last, Moved.Sample... samples) {
    return new Moved(
        List.of(new Moved.Stream(Moved.ALL, since, last, 3, 30, List.of(samples))), true);
  }

  private static Moved.Sample sample(long tick) {
    return new Moved.Sample(tick, 30);
  }

  private static MoveRecord move(long counter, long asked, long pinnedUntil) {
    return new MoveRecord(
        new ChunkNumber(Lineage.of(7), counter),
        A,
        B,
        100,
        asked,
        MoveRecord.Phase.DONE,
        2,
        pinnedUntil,
        List.of(A),
        "its disk was at 93 %");
  }
}
