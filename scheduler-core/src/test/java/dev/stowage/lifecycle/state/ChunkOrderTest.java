package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** The order of a dataset against a plain sorted list, with ranges that overlap as they please. */
public class ChunkOrderTest {
  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  public void orderAndOverlaps_areThoseOfASortedList(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ChunkTable table = new ChunkTable();
    List<ChunkRow> naive = new ArrayList<>();
    Comparator<ChunkRow> canonical =
        Comparator.comparingLong((ChunkRow row) -> row.range().first())
            .thenComparing(ChunkRow::key);
    boolean ascending = random.nextBoolean();
    ChunkOrder.Frozen frozen = null;
    List<Integer> frozenNaive = List.of();
    for (int step = 0; step < 3_000; step++) {
      if (!naive.isEmpty() && random.nextInt(5) == 0) {
        ChunkRow gone = naive.remove(random.nextInt(naive.size()));
        table.remove(gone.position());
      } else {
        ChunkRow row = row(table, random, step, ascending);
        table.put(row);
        naive.add(row);
      }
      if (step == 2_000) {
        naive.sort(canonical);
        frozen = table.order(0).freeze();
        frozenNaive = naive.stream().map(ChunkRow::position).toList();
      }
    }
    naive.sort(canonical);
    List<Integer> found = new ArrayList<>();
    table.order(0).forEach(found::add);
    assertThat(found).isEqualTo(naive.stream().map(ChunkRow::position).toList());
    List<Integer> stillFrozen = new ArrayList<>();
    Objects.requireNonNull(frozen).forEach(stillFrozen::add);
    assertThat(stillFrozen).isEqualTo(frozenNaive);
    for (int i = 0; i < 200; i++) {
      long first = random.nextLong(40_000);
      BlockRange asked = BlockRange.of(first, first + random.nextLong(50));
      int parity = random.nextInt(2);
      int expected =
          naive.stream()
              .filter(row -> row.range().overlaps(asked) && row.position() % 2 == parity)
              .mapToInt(ChunkRow::position)
              .findFirst()
              .orElse(-1);
      int overlap =
          table
              .order(0)
              .firstOverlap(asked.first(), asked.last(), table.facts, at -> at % 2 == parity);
      assertThat(overlap).isEqualTo(expected);
    }
  }

  private static ChunkRow row(
      ChunkTable table, SplittableRandom random, int step, boolean ascending) {
    long first = ascending ? step * 10L : random.nextLong(30_000);
    long length = random.nextInt(100) == 0 ? 5_000 : random.nextInt(30);
    return RowDrafts.over(table.nextPosition(), "d", "c" + step, first, first + length);
  }
}
