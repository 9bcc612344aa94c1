package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * The order of chunks where its blocks of 512 split and vanish, and the sorting of some of them.
 */
class ChunkOrderEdgesTest {
  private static final Comparator<ChunkRow> CANONICAL =
      Comparator.comparing((ChunkRow row) -> row.key().dataset())
          .thenComparingLong(row -> row.range().first())
          .thenComparing(ChunkRow::key);

  private final Tables tables = RowDrafts.tables();
  private final ChunkTable table = tables.chunks;
  private final List<ChunkRow> naive = new ArrayList<>();

  private void put(String dataset, long first, long last) {
    int position = table.nextPosition();
    ChunkRow asked = RowDrafts.over(position, dataset, "c" + position, first, last);
    table.put(asked);
    naive.add(asked);
  }

  private void remove(int index) {
    table.remove(naive.remove(index).position());
  }

  private static List<Integer> positions(List<ChunkRow> rows) {
    return rows.stream().map(ChunkRow::position).toList();
  }

  private void verify() {
    naive.sort(CANONICAL);
    ChunkOrder order = table.order(0);
    List<Integer> found = new ArrayList<>();
    order.forEach(found::add);
    assertThat(found).isEqualTo(positions(naive));
    assertThat(order.size()).isEqualTo(naive.size());
  }

  /** Asks at and beside the ends of chunks. */
  private void verifyQuestions(SplittableRandom random) {
    ChunkOrder order = table.order(0);
    ChunkFacts facts = table.facts;
    assertThat(order.stream().boxed().toList()).isEqualTo(positions(naive));
    for (int i = 0; i < 60; i++) {
      ChunkRow some = naive.get(random.nextInt(naive.size()));
      ChunkRow other = naive.get(random.nextInt(naive.size()));
      long first = Math.max(0, some.range().first() + random.nextInt(3) - 1);
      long last = Math.max(first, random.nextBoolean() ? first : other.range().last());
      BlockRange asked = BlockRange.of(first, last);
      IntPredicate passes = random.nextBoolean() ? at -> true : at -> at % 3 == 0;
      assertThat(order.firstOverlap(first, last, facts, passes))
          .isEqualTo(
              positions(naive).stream()
                  .filter(at -> facts.range(at).overlaps(asked) && passes.test(at))
                  .findFirst()
                  .orElse(-1));
      List<Integer> inside = new ArrayList<>();
      order.forEachIn(asked, facts, inside::add);
      assertThat(inside)
          .isEqualTo(
              positions(naive).stream().filter(at -> asked.contains(facts.first(at))).toList());
      assertThat(order.lastBlock(facts, passes))
          .isEqualTo(
              positions(naive).stream()
                  .filter(passes::test)
                  .mapToLong(facts::last)
                  .max()
                  .orElse(-1));
    }
  }

  @Test
  void blocks_splitAndVanish_andAnswerAsAListDoes() {
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 1_700; i++) {
      long first = 10L + random.nextInt(4_000);
      put("d", first, first + (random.nextInt(200) == 0 ? 900L : random.nextInt(6)));
    }
    verify();
    verifyQuestions(random);
    for (int i = 0; i < 600; i++) {
      remove(300);
      if (i % 60 == 0) {
        verify();
        verifyQuestions(random);
      }
    }
    while (naive.size() > 3) {
      remove(random.nextInt(naive.size()));
    }
    verify();
    verifyQuestions(random);
    while (!naive.isEmpty()) {
      remove(0);
    }
    verify();
    assertThat(table.order(0).lastBlock(table.facts, at -> true)).isEqualTo(-1);
    assertThat(table.order(0).firstOverlap(0, Long.MAX_VALUE, table.facts, at -> true))
        .isEqualTo(-1);
    put("d", 5, 6);
    verify();
    verifyQuestions(random);
  }

  @Test
  void chunksThatComeInOrder_splitTheLastBlock() {
    for (int i = 0; i < 1_500; i++) {
      put("d", i * 2L, i * 2L + 1);
    }
    verify();
    int[] counts = table.order(0).sizes();
    assertThat(counts).startsWith(448, 448);
    assertThat(Arrays.stream(counts).sum()).isEqualTo(1_500);
    for (int i = 0; i < 300; i++) {
      put("d", 3, 3);
    }
    verify();
    assertThat(table.order(0).sizes()).containsExactly(492, 256, 448, 448, 156);
    verifyQuestions(new SplittableRandom(13));
  }

  @Test
  void frozenOrder_doesNotFollow() {
    for (int i = 0; i < 700; i++) {
      put("d", i * 2L, i * 2L + 1);
    }
    naive.sort(CANONICAL);
    List<Integer> before = positions(naive);
    ChunkOrder frozen = table.copy().order(0);
    ChunkOrder copy = frozen.thawed();
    for (int i = 0; i < 200; i++) {
      put("d", i * 7L, i * 7L);
    }
    remove(650);
    remove(0);
    List<Integer> found = new ArrayList<>();
    frozen.forEach(found::add);
    assertThat(found).isEqualTo(before);
    List<Integer> copied = new ArrayList<>();
    copy.forEach(copied::add);
    assertThat(copied).isEqualTo(before);
    assertThat(copy.size()).isEqualTo(700);
    assertThat(ChunkOrder.EMPTY.stream()).isEmpty();
    verify();
  }

  @Test
  void frozenOrder_doesNotFollowARemoval() {
    for (int i = 0; i < 20; i++) {
      put("d", i * 2L, i * 2L + 1);
    }
    ChunkOrder frozen = table.copy().order(0);
    remove(4);
    List<Integer> found = new ArrayList<>();
    frozen.forEach(found::add);
    assertThat(found).hasSize(20).contains(4);
    verify();
  }

  @Test
  void wideChunk_isFound_afterItsBlockWasSplitOff() {
    for (int i = 0; i < 513; i++) {
      put("d", i * 2L, i == 500 ? 1_000_000 : i * 2L + 1);
    }
    assertThat(table.order(0).sizes()).containsExactly(448, 65);
    assertThat(table.order(0).firstOverlap(900_000, 900_000, table.facts, at -> true))
        .isEqualTo(500);
    assertThat(table.order(0).lastBlock(table.facts, at -> true)).isEqualTo(1_000_000);
  }

  @Test
  void wideChunk_isFound_afterTheBlockBeforeItsOwnWent() {
    for (int i = 0; i < 1_345; i++) {
      put("d", i * 2L, i == 1_340 ? 1_000_000 : i == 1_000 ? 500_000 : i * 2L + 1);
    }
    assertThat(table.order(0).sizes()).containsExactly(448, 448, 449);
    for (int i = 0; i < 448; i++) {
      remove(448);
    }
    assertThat(table.order(0).sizes()).containsExactly(448, 449);
    assertThat(table.order(0).firstOverlap(400_000, 400_000, table.facts, at -> true))
        .isEqualTo(1_000);
    assertThat(table.order(0).firstOverlap(900_000, 900_000, table.facts, at -> true))
        .isEqualTo(1_340);
    assertThat(table.order(0).lastBlock(table.facts, at -> true)).isEqualTo(1_000_000);
    for (int i = 0; i < 448; i++) {
      remove(0);
    }
    assertThat(table.order(0).firstOverlap(900_000, 900_000, table.facts, at -> true))
        .isEqualTo(1_340);
    assertThat(table.order(0).lastBlock(table.facts, at -> true)).isEqualTo(1_000_000);
    verify();
  }

  @Test
  void removal_ofWhatIsNotThere_changesNothing() {
    ChunkOrder order = new ChunkOrder();
    order.remove(0, table.facts);
    put("d", 5, 6);
    put("d", 7, 8);
    order.add(0, table.facts);
    order.remove(1, table.facts);
    assertThat(order.size()).isEqualTo(1);
    order.remove(0, table.facts);
    order.remove(0, table.facts);
    assertThat(order.size()).isZero();
  }

  private void verifyCanonical(int[] members, IntPredicate passes) {
    IntSet set = new IntSet();
    set.addAll(members);
    List<Integer> expected =
        naive.stream()
            .filter(row -> set.contains(row.position()) && passes.test(row.position()))
            .sorted(CANONICAL)
            .map(ChunkRow::position)
            .toList();
    int[] found = CanonicalOrder.of(tables, set, passes);
    assertThat(Arrays.stream(found).boxed().toList()).isEqualTo(expected);
  }

  @Test
  void canonicalOrder_ofAnyMembers_isThatOfTheRows() {
    SplittableRandom random = new SplittableRandom(14);
    for (int i = 0; i < 640; i++) {
      put("d" + random.nextInt(4), random.nextInt(90), 100);
    }
    for (int i = 0; i < 20; i++) {
      remove(random.nextInt(naive.size()));
    }
    for (int size : new int[] {0, 1, 2, 3, 5, 20, 37, 38, 39, 40, 41, 200, 640}) {
      for (int round = 0; round < 6; round++) {
        int[] members = random.ints(size, 0, 640).toArray();
        verifyCanonical(members, at -> true);
        verifyCanonical(members, at -> at % 2 == 0);
      }
    }
    naive.sort(CANONICAL);
    verifyCanonical(naive.stream().mapToInt(ChunkRow::position).toArray(), at -> true);
    for (int i = 0; i < 200; i++) {
      ChunkRow left = naive.get(random.nextInt(naive.size()));
      ChunkRow right = naive.get(random.nextInt(naive.size()));
      assertThat(Integer.signum(CanonicalOrder.compare(tables, left.position(), right.position())))
          .isEqualTo(Integer.signum(CANONICAL.compare(left, right)));
    }
  }
}
