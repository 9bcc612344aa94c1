package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Many numbers kept as runs are the list they were made from. */
class ChunkNumbersTest {
  @Property(seed = "1")
  void runs_areTheListTheyWereMadeFrom(@ForAll long seed) {
    Random random = new Random(seed);
    TreeSet<ChunkNumber> drawn = new TreeSet<>(ChunkNumbers.ORDER);
    for (int at = 0; at < 200; at++) {
      drawn.add(number(random.nextInt(3) - 1, 1 + random.nextInt(200)));
    }
    List<ChunkNumber> numbers = List.copyOf(drawn);
    ChunkNumbers.Builder builder = new ChunkNumbers.Builder();
    numbers.forEach(each -> builder.add(each.lineage().token(), each.counter(), 1));
    ChunkNumbers runs = builder.build();
    assertThat(runs).isEqualTo(numbers).hasSameHashCodeAs(numbers);
    assertThat(numbers).isEqualTo(runs);
    assertThat(List.copyOf(runs)).isEqualTo(numbers);
    for (int at = 0; at < numbers.size(); at++) {
      assertThat(runs.get(at)).isEqualTo(numbers.get(at));
      assertThat(runs.indexOf(numbers.get(at))).isEqualTo(at);
    }
    for (int counter = 1; counter <= 201; counter++) {
      ChunkNumber asked = number(0, counter);
      assertThat(runs.contains(asked)).isEqualTo(numbers.contains(asked));
    }
    assertThat(ChunkNumbers.ascending(numbers)).isEqualTo(numbers);
  }

  @Property(seed = "1")
  void unionAndDifference_areThoseOfSets(@ForAll long seed) {
    Random random = new Random(seed);
    List<ChunkNumbers> lists = new ArrayList<>();
    TreeSet<ChunkNumber> all = new TreeSet<>(ChunkNumbers.ORDER);
    for (int list = random.nextInt(5); list >= 0; list--) {
      TreeSet<ChunkNumber> drawn = new TreeSet<>(ChunkNumbers.ORDER);
      int most = 1 + random.nextInt(400);
      for (int at = random.nextInt(300); at > 0; at--) {
        boolean isLast = random.nextInt(40) == 0;
        long counter = isLast ? Long.MAX_VALUE - random.nextInt(3) : 1 + random.nextInt(most);
        drawn.add(number(random.nextInt(3) - 1, counter));
      }
      all.addAll(drawn);
      lists.add(ChunkNumbers.of(new ArrayList<>(drawn)));
    }
    ChunkNumbers union = ChunkNumbers.union(lists);
    assertThat(union).isEqualTo(List.copyOf(all)).isEqualTo(ChunkNumbers.of(all));
    all.removeAll(lists.get(0));
    assertThat(union.without(lists.get(0))).isEqualTo(List.copyOf(all));
    List<ChunkNumber> shuffled = new ArrayList<>(union);
    shuffled.addAll(lists.get(0));
    Collections.shuffle(shuffled, random);
    assertThat(ChunkNumbers.of(shuffled)).isEqualTo(union).hasSameHashCodeAs(union);
    List<ChunkNumber> visited = new ArrayList<>();
    union.forEachRun((lineage, first, length) -> {
      assertThat(first).isEqualTo(union.get(visited.size()).counter());
      for (int at = 0; at < length; at++) {
        visited.add(number(lineage, first + at));
      }
    });
    assertThat(visited).isEqualTo(union);
    for (int run = 0; run < union.runs(); run++) {
      assertThat(union.contains(union.first(run))).isTrue();
      assertThat(union.length(run)).isPositive();
    }
  }

  @Test
  void copy_ofManyThatAscend_isKeptAsRuns_andOfOthersInTheirOrder() {
    List<ChunkNumber> many = new ArrayList<>();
    for (int at = 1; at <= ChunkNumbers.MANY; at++) {
      many.add(number(7, at));
    }
    assertThat(ChunkNumbers.copyOf(many)).isInstanceOf(ChunkNumbers.class).isEqualTo(many);
    assertThat(((ChunkNumbers) ChunkNumbers.copyOf(many)).runs()).isEqualTo(1);
    assertThat(ChunkNumbers.copyOf(many.subList(1, many.size())))
        .isNotInstanceOf(ChunkNumbers.class);
    List<ChunkNumber> backwards = new ArrayList<>(many);
    Collections.reverse(backwards);
    assertThat(ChunkNumbers.copyOf(backwards))
        .isEqualTo(backwards)
        .isNotInstanceOf(ChunkNumbers.class);
    backwards.addAll(many);
    assertThat(ChunkNumbers.ascending(backwards)).isEqualTo(many);
  }

  @Test
  void run_ofAnyLength_takesNoRoom() {
    ChunkNumbers all = new ChunkNumbers.Builder().add(7, 5, Integer.MAX_VALUE).build();
    assertThat(all.size()).isEqualTo(Integer.MAX_VALUE);
    assertThat(all.contains(number(7, 2_000_000_000))).isTrue();
    assertThat(all.contains(number(8, 2_000_000_000))).isFalse();
    assertThat(all.get(Integer.MAX_VALUE - 1)).isEqualTo(number(7, Integer.MAX_VALUE + 4L));
  }

  @Test
  void runs_outOfOrder_orNone_areRefused() {
    ChunkNumbers.Builder builder = new ChunkNumbers.Builder().add(7, 5, 10);
    for (long[] wrong :
        new long[][] {
          {7, 14, 1},
          {7, 1, 2},
          {6, 100, 1},
          {7, 100, 0},
          {7, 0, 1},
          {7, Long.MAX_VALUE, 2},
          {8, 1, Integer.MAX_VALUE}
        }) {
      assertThatThrownBy(() -> builder.add(wrong[0], wrong[1], wrong[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(builder.add(7, 15, 1).build().runs()).isEqualTo(1);
  }

  private static ChunkNumber number(long lineage, long counter) {
    return new ChunkNumber(Lineage.of(lineage), counter);
  }
}
