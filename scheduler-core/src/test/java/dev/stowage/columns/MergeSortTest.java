package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The stable sort of ints against that of the platform, which is stable for objects. */
class MergeSortTest {
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void part_sorted_isWhatTheStableSortOfThePlatformMakesOfIt(@ForAll long seed) {
    new SplittableRandom(seed).longs(10).forEach(MergeSortTest::sortsAPart);
  }

  private static void sortsAPart(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int keys = 1 + random.nextInt(60);
    int[] items = random.ints(random.nextInt(80), 0, 600).toArray();
    int from = random.nextInt(items.length + 1);
    int to = from + random.nextInt(items.length - from + 1);
    int[] expected = sorted(items, from, to, keys);

    new MergeSort(items, (a, b) -> a % keys - b % keys).sort(from, to);

    assertThat(items).isEqualTo(expected);
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void parts_merged_areAsIfSortedTogether(@ForAll long seed) {
    new SplittableRandom(seed).longs(10).forEach(MergeSortTest::mergesParts);
  }

  private static void mergesParts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int keys = 1 + random.nextInt(60);
    int[] items = random.ints(random.nextInt(80), 0, 600).toArray();
    int middle = random.nextInt(items.length + 1);
    int[] expected = sorted(items, 0, items.length, keys);
    MergeSort sort = new MergeSort(items, (a, b) -> a % keys - b % keys);
    sort.sort(0, middle);
    sort.sort(middle, items.length);

    sort.merge(0, middle, items.length);

    assertThat(items).isEqualTo(expected);
  }

  @Test
  void sortedList_costsAComparisonForEachPairOfHalves() {
    int[] items = new int[64];
    Arrays.setAll(items, i -> i);
    int[] asked = new int[1];
    MergeSort sort =
        new MergeSort(
            items,
            (a, b) -> {
              asked[0]++;
              return Integer.compare(a, b);
            });

    sort.sort(0, items.length);

    assertThat(asked[0]).isEqualTo(63);
  }

  private static int[] sorted(int[] items, int from, int to, int keys) {
    Integer[] boxed = Arrays.stream(items).boxed().toArray(Integer[]::new);
    Arrays.sort(boxed, from, to, Comparator.comparingInt(item -> item % keys));
    return Arrays.stream(boxed).mapToInt(item -> item).toArray();
  }
}
