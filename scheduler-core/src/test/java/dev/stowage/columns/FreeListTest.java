package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Positions to be given again against a sorted set. */
class FreeListTest {
  @Test
  void list_afterAnyOperation_isASortedSet() {
    FreeList list = new FreeList();
    TreeSet<Integer> naive = new TreeSet<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int step = 0; step < 3_000; step++) {
      int position = random.nextInt(1 + random.nextInt(400));
      if (random.nextBoolean()) {
        list.add(position);
        naive.add(position);
      } else {
        list.take(position);
        naive.remove(position);
      }
      while (random.nextInt(3) == 0 && !naive.isEmpty()) {
        assertThat(list.peek()).isEqualTo(naive.first());
        list.take(naive.pollFirst());
      }
      assertThat(list.isEmpty()).isEqualTo(naive.isEmpty());
      assertThat(naive.isEmpty() || list.peek() == naive.first()).isTrue();
    }
  }
}
