package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.Mix;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Digests are compared between mirrors: what they are made of is written down here once more. */
class RowHashTest {
  private static long fold(long... values) {
    long hash = values[0];
    for (int i = 1; i < values.length; i++) {
      hash = RowHash.fold(hash, values[i]);
    }
    return hash;
  }

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

  @Test
  void text_isFoldedByteByByte() {
    assertThat(RowHash.of("")).isEqualTo(Mix.mix(0));
    assertThat(RowHash.of("a")).isEqualTo(Mix.mix(0x100000001b3L + 97));
    assertThat("\u00e9".getBytes(StandardCharsets.UTF_8)).hasSize(2);
    assertThat(RowHash.of("\u00e9"))
        .isEqualTo(Mix.mix(times(0x100000001b3L + 0xc3, 0x100000001b3L) + 0xa9));
  }

  @Test
  void eligibility_isItsVersionThenItsLabels() {
    Eligibility eligibility = new Eligibility(WorkerVersion.parse("1.2.3"), Labels.of("x"));
    assertThat(RowHash.of(eligibility))
        .isEqualTo(fold(RowHash.of("1.2.3"), RowHash.of(Labels.of("x").toString())));
  }

  @Test
  void swap_isFoldedFieldByField() {
    ChunkKey old = ChunkKey.of("d", "o");
    ChunkKey fresh = ChunkKey.of("d", "n");
    SwapRow row =
        new SwapRow(9, List.of(old), List.of(fresh), Coverage.CHANGE, SwapState.FIRED, 5, 6);
    assertThat(RowHash.of(row))
        .isEqualTo(fold(Mix.mix(3), 9, 1, 1, 5, 6, 1, KeyHash.of(old), KeyHash.of(fresh)));
  }

  @Test
  void wishes_areFoldedFieldByField() {
    PlacementWish pin =
        PlacementWish.of(PlacementWish.Kind.PIN, ChunkKey.of("d", "c"), WorkerId.of("w"));
    PlacementWish all =
        PlacementWish.of(PlacementWish.Kind.BAN, DatasetId.of("e"), WorkerId.of("v"));
    assertThat(RowHash.of(List.of(pin, all)))
        .isEqualTo(
            fold(
                Mix.mix(5),
                PlacementWish.Kind.PIN.ordinal(),
                RowHash.of("d"),
                RowHash.of("c"),
                KeyHash.of(WorkerId.of("w")),
                PlacementWish.Kind.BAN.ordinal(),
                RowHash.of("e"),
                RowHash.of(""),
                KeyHash.of(WorkerId.of("v"))));
  }

  private static FleetRow fleet(
      LifecycleConfig config, boolean frozen, List<PlacementWish> wishes) {
    TreeMap<String, Annex> annexes = new TreeMap<>();
    annexes.put("n", new Annex("kind", new byte[] {1, 2}));
    return new FleetRow(
        config,
        31,
        32,
        33,
        List.of(new FleetRow.LineageRow(Lineage.of(1), 34, 35)),
        36,
        37,
        List.of(new FleetRow.FormerWindow(38, 39)),
        40,
        frozen,
        wishes,
        41,
        List.of(new FleetRow.Factor(Eligibility.ANY, 42, 43)),
        44,
        45,
        annexes,
        46,
        47,
        new FleetRow.Time(48, 49, 50, 51));
  }

  @Test
  void fleet_isFoldedFieldByField_withoutItsMarks() {
    LifecycleConfig config = RandomStory.quiet().build();
    for (boolean frozen : new boolean[] {false, true}) {
      long expected =
          fold(
              Mix.mix(4),
              31,
              LifecycleConfig.SHAPE.digest(config),
              32,
              33,
              36,
              37,
              40,
              frozen ? 1 : 0,
              34,
              35,
              38,
              39,
              41,
              RowHash.of(List.of()),
              RowHash.of(Eligibility.ANY),
              42,
              43,
              44,
              45,
              RowHash.of("kind"),
              Arrays.hashCode(new byte[] {1, 2}));
      FleetRow row = fleet(config, frozen, List.of());
      assertThat(RowHash.of(row)).isEqualTo(expected);
    }
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
      assertThat(hash.of(row)).isEqualTo(RowHash.of(row));
      assertThat(hash.of(row)).isEqualTo(RowHash.of(row));
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
