package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The growing lists against array lists, and the column without end against a map's defaults. */
class ListsTest {
  private static final int STEPS = 120;

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void ints_afterAnySteps_areWhatAnArrayListHolds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    IntList list = random.nextBoolean() ? new IntList() : new IntList(random.nextInt(3));
    List<Integer> naive = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int value = random.nextInt();
      int at = random.nextInt(naive.size() + 1);
      switch (random.nextInt(12)) {
        case 0 -> {
          list.truncate(at);
          naive.subList(at, naive.size()).clear();
        }
        case 1 -> list.expect(at);
        case 2 -> {
          if (!naive.isEmpty()) {
            assertThat(list.removeLast()).isEqualTo(naive.remove(naive.size() - 1));
          }
        }
        case 3 -> {
          if (at < naive.size()) {
            list.set(at, value);
            naive.set(at, value);
          }
        }
        default -> {
          list.add(value);
          naive.add(value);
        }
      }
      assertThat(list.size()).isEqualTo(naive.size());
      assertThat(list.isEmpty()).isEqualTo(naive.isEmpty());
    }
    assertThat(Arrays.stream(list.toArray()).boxed().toList()).isEqualTo(naive);
    for (int i = 0; i < naive.size(); i++) {
      assertThat(list.get(i)).isEqualTo(naive.get(i));
      assertThat(list.array()[i]).isEqualTo(naive.get(i));
    }
  }

  @Test
  void ints_emptied_takeMoreAgain() {
    IntList list = new IntList();
    for (int i = 0; i < 100_000; i++) {
      list.add(i);
    }
    list.reuse();
    assertThat(list.isEmpty()).isTrue();
    assertThat(list.array()).isEmpty();
    list.add(7);
    assertThat(list.toArray()).containsExactly(7);
    list.reuse();
    assertThat(list.array()).isNotEmpty();
    list.clear();
    assertThat(list.array()).isEmpty();
    list.add(8);
    assertThat(list.toArray()).containsExactly(8);
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void longs_sorted_areAsArrayListAndTreeSetHaveThem(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = random.nextInt(6_000);
    int most = 1 + random.nextInt(8_000);
    LongList list = new LongList();
    for (int round = 0; round < 2; round++) {
      List<Long> naive = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long value = random.nextLong(-most, most) << random.nextInt(40);
        list.add(value);
        naive.add(value);
        assertThat(list.get(i)).isEqualTo(value);
      }
      assertThat(list.size()).isEqualTo(count);
      assertThat(list.sortedDistinct()).isEqualTo(array(List.copyOf(new TreeSet<>(naive))));
      naive.sort(null);
      assertThat(list.sorted()).isEqualTo(array(naive));
      list.sort();
      for (int i = 0; i < count; i++) {
        assertThat(list.get(i)).isEqualTo(naive.get(i));
      }
      list.reuse();
      assertThat(list.size()).isZero();
      assertThat(list.sorted()).isEmpty();
    }
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(value -> value).toArray();
  }
}
