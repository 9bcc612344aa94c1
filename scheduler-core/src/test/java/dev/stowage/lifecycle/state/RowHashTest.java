package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.Mix;
import dev.stowage.command.Annex;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Digests are compared between mirrors: what they are made of is written down here once more. */
class RowHashTest {
  /** A product whose overflow is meant. */
  private static long times(long one, long other) {
    return one * other;
  }

  @Test
  void fold_mixesTheValueIn_andKeepsWhatWasBefore() {
    assertThat(RowHash.fold(0, 0)).isEqualTo(Mix.mix(0));
    assertThat(RowHash.fold(0, 1)).isEqualTo(Mix.mix(0xff51afd7ed558ccdL));
    assertThat(RowHash.fold(5, 1)).isEqualTo(Mix.mix(5 ^ 0xff51afd7ed558ccdL) + 155);
    assertThat(RowHash.fold(5, 3)).isEqualTo(Mix.mix(5 ^ times(3, 0xff51afd7ed558ccdL)) + 155);
  }

  private static FleetRow fleet(
      LifecycleConfig config, boolean frozen, List<PlacementWish> wishes) {
    FleetRow first = FleetRow.first(config, Lineage.of(1));
    FleetRow row = Shape.of(FleetRow.class).with(first, "wishes", wishes);
    return Shape.of(FleetRow.class).with(row, "frozen", frozen);
  }

  @Test
  void fleetHash_followsTheConfigurationAndTheWishes() {
    LifecycleConfig one = RandomStory.quiet().build();
    LifecycleConfig other = RandomStory.quiet().drainWindowTicks(6).build();
    PlacementWish pin =
        PlacementWish.of(PlacementWish.Kind.PIN, ChunkKey.of("d", "c"), WorkerId.of("w"));
    FleetHash hash = new FleetHash(fleet(one, false, List.of()));
    List<FleetRow> rows = new ArrayList<>();
    rows.add(fleet(one, false, List.of()));
    rows.add(fleet(one, false, List.of(pin)));
    rows.add(fleet(other, false, List.of(pin)));
    rows.add(fleet(other, true, List.of()));
    rows.add(fleet(one, false, List.of()));
    for (FleetRow row : rows) {
      assertThat(hash.of(row)).isEqualTo(row.digest());
      assertThat(hash.of(row)).isEqualTo(row.digest());
    }
    assertThat(hash.of(rows.get(0))).isNotEqualTo(hash.of(rows.get(1)));
    assertThat(hash.of(rows.get(1))).isNotEqualTo(hash.of(rows.get(2)));
  }

  @Test
  void annex_isEqualByKindAndContent() {
    Annex annex = new Annex("k", new byte[] {1, 2});
    assertThat(annex).isEqualTo(new Annex("k", new byte[] {1, 2}));
    assertThat(annex).isNotEqualTo(new Annex("j", new byte[] {1, 2}));
    assertThat(annex).isNotEqualTo(new Annex("k", new byte[] {1}));
    assertThat(annex).isNotEqualTo("k");
    assertThat(annex.hashCode())
        .isEqualTo(31 * "k".hashCode() + Arrays.hashCode(new byte[] {1, 2}));
    assertThat(annex).hasToString("k (2 bytes)");
  }
}
