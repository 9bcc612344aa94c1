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
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PoolKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
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

  @Test
  void swap_isHashedFieldByField() {
    ChunkKey old = ChunkKey.of("d", "o");
    ChunkKey fresh = ChunkKey.of("d", "n");
    List<SwapRow> rows =
        List.of(
            new SwapRow(9, List.of(old), List.of(fresh), Coverage.CHANGE, SwapState.FIRED, 5, 6),
            new SwapRow(8, List.of(old), List.of(fresh), Coverage.CHANGE, SwapState.FIRED, 5, 6),
            new SwapRow(9, List.of(fresh), List.of(old), Coverage.CHANGE, SwapState.FIRED, 5, 6),
            new SwapRow(9, List.of(old), List.of(), Coverage.CHANGE, SwapState.FIRED, 5, 6),
            new SwapRow(
                9,
                List.of(ChunkKey.of("e", "o")),
                List.of(ChunkKey.of("e", "n")),
                Coverage.CHANGE,
                SwapState.FIRED,
                5,
                6),
            new SwapRow(9, List.of(old), List.of(fresh), Coverage.SAME, SwapState.FIRED, 5, 6),
            new SwapRow(9, List.of(old), List.of(fresh), Coverage.CHANGE, SwapState.PENDING, 5, 6),
            new SwapRow(9, List.of(old), List.of(fresh), Coverage.CHANGE, SwapState.FIRED, 4, 6),
            new SwapRow(9, List.of(old), List.of(fresh), Coverage.CHANGE, SwapState.FIRED, 5, 7));
    assertThat(rows.stream().map(SwapRow.SHAPE::digest)).doesNotHaveDuplicates();
    for (SwapRow row : rows) {
      assertThat(SwapRow.SHAPE.make(SwapRow.SHAPE.values(row))).isEqualTo(row);
    }
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
        List.of(new FleetRow.Factor(PoolKey.ANY, 42, 43)),
        44,
        45,
        annexes,
        46,
        47,
        new FleetRow.Time(48, 49, 50, 51));
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
