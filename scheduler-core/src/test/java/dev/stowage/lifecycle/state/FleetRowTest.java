package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Annex;
import dev.stowage.command.PlacementWish;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.SmallWorld;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each field of the fleet's row counts as a change, but for the marks. */
class FleetRowTest {
  private final FleetRow before = FleetRow.first(RandomStory.quiet().build(), Lineage.of(7));

  private FleetRow.Time time = before.time();

  private static FleetRow with(FleetRow row, String name, Object value) {
    return Shape.of(FleetRow.class).with(row, name, value);
  }

  /** The row with other marks, or another watermark. */
  private FleetRow with(long largestTick, long backwardTicks, long watermark) {
    FleetRow ticked = with(with(before, "largest_tick", largestTick), "time", time);
    return with(with(ticked, "backward_ticks", backwardTicks), "watermark", watermark);
  }

  /** A store may then keep the tick alone. */
  @Test
  void tickOnly_isALaterTick_andNothingElse() {
    long tick = before.largestTick();
    long backward = before.backwardTicks();
    long watermark = before.watermark();
    assertThat(with(tick + 1, backward, watermark).differsInTickOnly(before)).isTrue();
    assertThat(with(tick, backward, watermark).differsInTickOnly(before)).isFalse();
    assertThat(with(tick + 1, backward + 1, watermark).differsInTickOnly(before)).isFalse();
    assertThat(with(tick + 1, backward, watermark + 1).differsInTickOnly(before)).isFalse();
  }

  /** Tests that a tick carries the reading of the clock, but neither silence nor resets. */
  @Test
  void tickOnly_takesTheReadingOfTheClockWithIt_andNoOtherMarkOfTime() {
    time = new FleetRow.Time(5, before.time().tickNanos(), before.time().listeningTick(), 0);
    long tick = before.largestTick();
    assertThat(with(tick + 1, 0, 0).differsInTickOnly(before)).isTrue();
    assertThat(with(tick, 0, 0).differsInTickOnly(before)).isFalse();
    assertThat(with(tick, 0, 0).differsInReadingOnly(before)).isTrue();
    assertThat(with(tick + 1, 0, 0).differsInReadingOnly(before)).isFalse();
    for (FleetRow.Time other :
        List.of(
            before.time().listening(3),
            new FleetRow.Time(5, 1, FleetRow.Time.NO_CYCLE, 0),
            new FleetRow.Time(5, 0, FleetRow.Time.NO_CYCLE, 1))) {
      time = other;
      assertThat(with(tick + 1, 0, 0).differsInTickOnly(before)).as("%s", other).isFalse();
      assertThat(with(tick, 0, 0).differsInReadingOnly(before)).as("%s", other).isFalse();
      assertThat(with(tick, 0, 0).differsInMarksOnly(before)).as("%s", other).isTrue();
    }
  }

  @Test
  void row_thatDiffersInNothing_orInMarks_differsInMarksOnly() {
    assertThat(before.differsInMarksOnly(before)).isTrue();
    FleetRow marked =
        with(before.largestTick() + 5, before.backwardTicks() + 1, before.watermark());
    assertThat(marked.differsInMarksOnly(before)).isTrue();
    assertThat(marked).isNotEqualTo(before);
    assertThat(marked.digest()).isEqualTo(before.digest());
    assertThat(marked.marksHash()).isNotEqualTo(before.marksHash());
  }

  @Test
  void row_thatDiffersInAnyOtherField_differsInMore() {
    WorkerId worker = WorkerId.of("w");
    List<UnaryOperator<Shape.Draft<FleetRow>>> changes =
        List.of(
            it -> it.with(FleetRow.CONFIG, RandomStory.quiet().minReplication(3).build()),
            it -> it.with(FleetRow.CONFIG_VERSION, 2),
            it -> it.with(FleetRow.WORKER_ASSIGNMENT, 1),
            it -> it.with(FleetRow.PORTAL_ASSIGNMENT, 1),
            it -> it.with(FleetRow.LAST_SWAP, 1),
            it -> it.with(FleetRow.WATERMARK, 1),
            it -> it.with(FleetRow.FORMER_WINDOWS, List.of(new FleetRow.FormerWindow(9, 9))),
            it -> it.with(FleetRow.LARGEST_WINDOW, before.largestWindowTicks() + 1),
            it -> it.with(FleetRow.FROZEN, true),
            it ->
                it.with(
                    FleetRow.WISHES,
                    List.of(
                        PlacementWish.of(PlacementWish.Kind.PIN, SmallWorld.key("d/c"), worker))),
            it -> it.with(FleetRow.WISHES_VERSION, 1),
            it -> it.with(FleetRow.FACTORS, List.of(new FleetRow.Factor(PoolKey.ANY, 1, 1))),
            it -> it.with(FleetRow.DEBT_BYTES, 1),
            it -> it.with(FleetRow.DEBT_REPLICAS, 1),
            it -> it.with(FleetRow.ANNEXES, Map.of("kind", new Annex("kind", new byte[] {1}))),
            it ->
                it.with(
                    FleetRow.LINEAGES, List.of(new FleetRow.LineageRow(before.lineage(), 0, 1))));
    for (int i = 0; i < changes.size(); i++) {
      FleetRow fleet = changes.get(i).apply(before.draft()).row();
      assertThat(fleet.differsInMarksOnly(before)).as("change %s", i).isFalse();
      assertThat(fleet.digest()).as("change %s", i).isNotEqualTo(before.digest());
      assertThat(fleet.draft().row()).isEqualTo(fleet);
    }
  }

  @Test
  void workersObey_atOnceInTheFirstLineage_andAfterThePauseInAnother() {
    assertThat(before.deleteFromTick()).isZero();
    assertThat(before.lineage()).isEqualTo(Lineage.of(7));
    long window = before.largestWindowTicks();
    FleetRow second = withLineage(100, window);
    assertThat(second.lineage()).isEqualTo(Lineage.of(8));
    assertThat(second.deleteFromTick())
        .isEqualTo(100 + Math.max(window, before.config().lineagePauseTicks()));
    assertThat(withLineage(100, 1_000).deleteFromTick()).isEqualTo(1_100);
    assertThat(withLineage(Long.MAX_VALUE - 1, 1_000).deleteFromTick()).isEqualTo(Long.MAX_VALUE);
  }

  private FleetRow withLineage(long beganTick, long largestWindow) {
    FleetRow.LineageRow second = new FleetRow.LineageRow(Lineage.of(8), beganTick, 0);
    FleetRow row = with(before, "largest_window_ticks", largestWindow);
    return with(row, "lineages", List.of(before.lineages().get(0), second));
  }
}
