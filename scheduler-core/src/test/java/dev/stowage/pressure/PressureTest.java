package dev.stowage.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.pressure.PressureSnapshot.Resource;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PressureTest {
  private static final double UP = Math.ulp(1.0);

  @Test
  void snapshot_withoutStrain_isNotHigh_withNetwork09_isHighAndMostlyNetwork() {
    assertThat(PressureSnapshot.NONE.maxPressure()).isEqualTo(0.0);
    assertThat(bandOf(PressureSnapshot.NONE)).isEqualTo(PressureBand.NORMAL);
    PressureSnapshot network = new PressureSnapshot(0.9, 0, 0.5, 0, 0);
    assertThat(network.maxPressure()).isEqualTo(0.9);
    assertThat(network.mostStrained()).isEqualTo(Resource.NETWORK);
    assertThat(bandOf(network)).isEqualTo(PressureBand.HIGH);
    assertThat(bandOf(disk(0.8))).isEqualTo(PressureBand.ELEVATED);
    assertThat(bandOf(disk(0.8 + UP))).isEqualTo(PressureBand.HIGH);
  }

  private static PressureBand bandOf(PressureSnapshot snapshot) {
    return PressurePolicy.DEFAULT.bandOf(snapshot.maxPressure());
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1e-9, 1.0000001})
  void snapshot_withWhatCannotBeAReading_readsFullStrainAndIsFlagged(double value) {
    PressureSnapshot snapshot = disk(value);
    assertThat(snapshot.maxPressure()).isEqualTo(1.0);
    assertThat(snapshot.suspect()).containsExactly(Resource.DISK);
    PressureGauge gauge = new PressureGauge(PressurePolicy.DEFAULT);
    assertThat(gauge.update(snapshot, 0)).isEqualTo(PressureGauge.Reading.SUSPECT_VALUES);
    assertThat(gauge.band(0)).isEqualTo(PressureBand.CRITICAL);
  }

  @Property(seed = "1")
  void band_afterAnyHistory_isTheWorstOfThreeIndependentSwitches(
      @ForAll List<@DoubleRange(min = 0, max = 1) Double> history) {
    PressureGauge gauge = new PressureGauge(PressurePolicy.DEFAULT);
    boolean[] on = new boolean[3];
    double[] enter = {0.60, 0.80, 0.95};
    double[] leave = {0.55, 0.75, 0.90};
    for (double pressure : history) {
      gauge.update(disk(pressure), 0);
      int expected = 0;
      for (int i = 0; i < 3; i++) {
        on[i] = on[i] ? pressure >= leave[i] : pressure > enter[i];
        expected = on[i] ? i + 1 : expected;
      }
      assertThat(gauge.band(0).ordinal()).isEqualTo(expected);
    }
  }

  @Test
  void band_beforeAnySnapshot_isNormalHoweverLate_afterwardsAStaleOneCountsAsElevated() {
    PressureGauge gauge = new PressureGauge(PressurePolicy.DEFAULT);
    assertThat(gauge.band(Long.MAX_VALUE)).isEqualTo(PressureBand.NORMAL);
    gauge.update(PressureSnapshot.NONE, 0);
    assertThat(gauge.band(5_000_000_000L)).isEqualTo(PressureBand.NORMAL);
    assertThat(gauge.band(5_000_000_001L)).isEqualTo(PressureBand.ELEVATED);
    gauge.update(disk(0.9), 6_000_000_000L);
    assertThat(gauge.band(Long.MAX_VALUE)).isEqualTo(PressureBand.HIGH);
    gauge.clear();
    assertThat(gauge.band(Long.MAX_VALUE)).isEqualTo(PressureBand.NORMAL);
  }

  @Test
  void snapshot_fromTheFuture_countsAndCannotStayFreshForEver() {
    PressureGauge gauge = new PressureGauge(PressurePolicy.DEFAULT);
    PressureSnapshot future = new PressureSnapshot(0, 0.9, 0, 0, Long.MAX_VALUE);
    assertThat(gauge.update(future, 10)).isEqualTo(PressureGauge.Reading.FROM_THE_FUTURE);
    assertThat(gauge.band(10)).isEqualTo(PressureBand.HIGH);
    assertThat(gauge.isStale(5_000_000_011L)).isTrue();
  }

  @Test
  void policy_withSeveralViolations_namesThemAll() {
    assertThatThrownBy(() -> new PressurePolicy(Double.NaN, 2, 0.5, -1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "elevated_above", "high_above", "hysteresis_gap", "stale_after_nanos");
  }

  private static PressureSnapshot disk(double value) {
    return new PressureSnapshot(0, value, 0, 0, 0);
  }
}
