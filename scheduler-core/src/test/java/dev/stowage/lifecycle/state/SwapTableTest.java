package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table of swaps against a map of its rows. */
class SwapTableTest {
  private static final int CHUNKS = 24;

  private final ChunkTable chunks = new ChunkTable();
  private final SwapTable table = new SwapTable();
  private final TreeMap<Long, SwapRow> naive = new TreeMap<>();

  private static ChunkKey key(int chunk) {
    return ChunkKey.of("d", "c" + chunk);
  }

  private void fill() {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      chunks.put(RowDrafts.chunk(chunk, "d", chunk, 1));
    }
  }

  private void put(SwapRow row) {
    table.put(row, chunks);
    naive.put(row.id(), row);
  }

  private void remove(long id) {
    table.remove(id, chunks);
    naive.remove(id);
  }

  private void verify() {
    assertThat(table.all()).containsExactlyElementsOf(naive.values());
    assertThat(table.count()).isEqualTo(naive.size());
    List<Long> pending =
        naive.values().stream().filter(SwapRow::isPending).map(SwapRow::id).toList();
    assertThat(table.pending()).isEqualTo(pending);
    assertThat(table.hasPending()).isEqualTo(!pending.isEmpty());
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      ChunkKey key = key(chunk);
      long replacing =
          naive.values().stream()
              .filter(row -> row.isPending() && row.oldChunks().contains(key))
              .mapToLong(SwapRow::id)
              .findFirst()
              .orElse(0);
      long producing =
          naive.values().stream()
              .filter(row -> row.newChunks().contains(key))
              .mapToLong(SwapRow::id)
              .findFirst()
              .orElse(0);
      assertThat(table.replacing(chunk)).isEqualTo(replacing);
      assertThat(table.producing(chunk)).isEqualTo(producing);
      assertThat(table.pendingProducing(chunk))
          .isEqualTo(pending.contains(producing) ? producing : 0);
    }
    for (long id = 0; id < 20; id++) {
      assertThat(table.row(id)).isEqualTo(naive.get(id));
    }
  }

  /** Swap n replaces chunk n, or none where it has no row, and makes chunk 12 + n. */
  private static SwapRow row(long n, SwapState state) {
    return RowDrafts.swap(
        n, state, List.of(key((int) n), key(100)), List.of(key(12 + (int) n), key(101)));
  }

  @Test
  void table_afterAnyOperation_isWhatAMapIs() {
    fill();
    SplittableRandom random = new SplittableRandom(3);
    SwapState[] states = SwapState.values();
    for (int step = 0; step < 300; step++) {
      long id = 1L + random.nextInt(11);
      if (random.nextInt(3) == 0) {
        remove(id);
      } else {
        put(row(id, states[random.nextInt(states.length)]));
      }
      verify();
    }
  }

  @Test
  void chunk_whoseSwapEnded_mayBeReplacedByAnother() {
    fill();
    put(RowDrafts.swap(1, SwapState.PENDING, List.of(key(0)), List.of(key(12))));
    put(RowDrafts.swap(1, SwapState.CANCELLED, List.of(key(0)), List.of(key(12))));
    put(RowDrafts.swap(2, SwapState.PENDING, List.of(key(0)), List.of(key(13))));
    verify();
    assertThat(table.copy().replacing(0)).isEqualTo(2);
    put(RowDrafts.swap(1, SwapState.CANCELLED, List.of(key(0)), List.of(key(12))));
    verify();
    remove(1);
    verify();
    remove(1);
    verify();
  }

  @Test
  void chunkOfTheFirstPosition_isReplacedAndMade() {
    fill();
    put(RowDrafts.swap(3, SwapState.PENDING, List.of(key(1)), List.of(key(0))));
    verify();
    put(RowDrafts.swap(4, SwapState.PENDING, List.of(key(0)), List.of(key(2))));
    verify();
    put(RowDrafts.swap(4, SwapState.CANCELLED, List.of(key(0)), List.of(key(2))));
    verify();
    put(RowDrafts.swap(4, SwapState.PENDING, List.of(key(0)), List.of(key(2))));
    verify();
    remove(3);
    remove(4);
    verify();
  }

  @Test
  void chunkThatWent_isForgotten() {
    fill();
    put(RowDrafts.swap(3, SwapState.PENDING, List.of(key(1)), List.of(key(0))));
    table.forget(1);
    table.forget(0);
    table.forget(5);
    assertThat(table.replacing(1)).isZero();
    assertThat(table.producing(0)).isZero();
    assertThat(table.row(3)).isNotNull();
  }
}
