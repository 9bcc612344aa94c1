package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class IntColumnTest {
  private static final int ROOM = 80;
  private static final int STEPS = 60;
  private static final int[] EDGES = {
    0, 1, 127, 128, 255, 256, 65_535, 65_536, -1, Integer.MIN_VALUE, Integer.MAX_VALUE
  };

  /** A column beside a plain list. */
  private static final class Pair {
    final SplittableRandom random;
    final int most;
    IntColumn column;
    int[] model = new int[ROOM];
    int size;

    Pair(long seed) {
      random = new SplittableRandom(seed);
      most = 1 + random.nextInt(EDGES.length);
      column = new IntColumn(ROOM / 8);
      int zeros = random.nextInt(ROOM / 8);
      if (random.nextInt(3) == 0) {
        column = IntColumn.zeros(zeros);
        size = zeros;
      } else if (random.nextInt(3) == 0) {
        column = IntColumn.ofAtMost(zeros, Integer.MAX_VALUE >>> random.nextInt(30));
        size = zeros;
      }
    }

    int value() {
      return EDGES[random.nextInt(most)];
    }

    void step() {
      int length = size + random.nextInt(4);
      int from = random.nextInt(size + 1);
      int to = from + random.nextInt(size - from + 1);
      switch (random.nextInt(5)) {
        case 0 -> {
          column.resize(Math.min(ROOM, length));
          column.extend(Math.min(ROOM, length));
          size = Math.max(size, Math.min(ROOM, length));
        }
        case 1 -> {
          if (size < ROOM) {
            column.resize(size + 1);
            int last = value();
            column.add(last);
            model[size++] = last;
          }
        }
        case 2 -> {
          int value = value();
          column.fill(from, to, value);
          Arrays.fill(model, from, to, value);
        }
        default -> {
          if (from < size) {
            model[from] = value();
            column.set(from, model[from]);
          }
        }
      }
    }

    int endOfRun(int from, int limit) {
      int to = from + 1;
      while (to < limit && model[to] == model[from]) {
        to++;
      }
      return to;
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void column_afterAnySteps_saysWhatAListSays(@ForAll long seed) {
    new SplittableRandom(seed).longs(10).forEach(IntColumnTest::saysWhatAListSays);
  }

  private static void saysWhatAListSays(long seed) {
    Pair pair = new Pair(seed);
    for (int step = 0; step < STEPS; step++) {
      pair.step();
      assertThat(pair.column.size()).isEqualTo(pair.size);
      int from = pair.random.nextInt(pair.size + 1);
      int[] copy = new int[pair.size - from];
      pair.column.copyTo(from, pair.size, copy);
      assertThat(copy).isEqualTo(Arrays.copyOfRange(pair.model, from, pair.size));
      for (int at = 0; at < pair.size; at++) {
        assertThat(pair.column.get(at)).isEqualTo(pair.model[at]);
      }
      if (from < pair.size) {
        int end = pair.endOfRun(from, pair.size);
        assertThat(pair.column.endOfRun(from, pair.size)).isEqualTo(end);
        assertThat(pair.column.isAll(from, end, pair.model[from])).isTrue();
        assertThat(pair.column.isAll(from, end, pair.model[from] + 1)).isFalse();
        assertThat(pair.column.isAll(from, pair.size, pair.model[from]))
            .isEqualTo(end == pair.size);
      }
    }
  }
}
