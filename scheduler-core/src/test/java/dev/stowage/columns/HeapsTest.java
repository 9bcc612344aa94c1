package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The heap of numbers against a sorted set. */
class HeapsTest {
  private static final int NUMBERS = 90;
  private static final int STEPS = 250;

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void keyHeap_afterAnySteps_givesWhatASortedSetGives(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int keys = 1 + random.nextInt(40);
    long[] key = new long[NUMBERS];
    Comparator<Integer> order =
        Comparator.<Integer>comparingLong(number -> key[number]).thenComparing(number -> number);
    TreeSet<Integer> naive = new TreeSet<>(order);
    KeyHeap heap = random.nextBoolean() ? new KeyHeap() : new KeyHeap(random.nextInt(NUMBERS));
    for (int step = 0; step < STEPS; step++) {
      int number = random.nextInt(NUMBERS);
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          heap.remove(number);
          naive.remove(number);
        }
        case 2 -> {
          long limit = random.nextInt(-keys, keys) / 4;
          while (!heap.isEmpty() && heap.firstKey() <= limit) {
            assertThat(heap.first()).isEqualTo(naive.pollFirst());
            heap.remove(heap.first());
          }
          assertThat(naive.isEmpty() || key[naive.first()] > limit).isTrue();
        }
        default -> {
          naive.remove(number);
          key[number] = random.nextInt(-keys, keys);
          heap.put(number, key[number]);
          naive.add(number);
        }
      }
      assertThat(heap.isEmpty()).isEqualTo(naive.isEmpty());
      assertThat(heap.contains(number)).isEqualTo(naive.contains(number));
      if (!naive.isEmpty()) {
        assertThat(heap.first()).isEqualTo(naive.first());
        assertThat(heap.firstKey()).isEqualTo(key[naive.first()]);
      }
    }
  }

  @Test
  void keyHeap_ofExtremeKeys_comparesThemWhole() {
    KeyHeap heap = new KeyHeap();
    heap.put(0, Long.MAX_VALUE);
    heap.put(1, Long.MIN_VALUE);
    heap.put(200, -1);
    assertThat(heap.contains(2_000)).isFalse();
    for (int expected : new int[] {1, 200, 0}) {
      assertThat(heap.first()).isEqualTo(expected);
      heap.remove(expected);
    }
    assertThat(heap.isEmpty()).isTrue();
  }
}
