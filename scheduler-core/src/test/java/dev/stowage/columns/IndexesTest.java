package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The two indexes against a map and a set. */
class IndexesTest {
  /** Hashes of which many collide, in either half, and runs that go round the end of the array. */
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void positions_afterAnySteps_areWhatASetHolds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int bits = random.nextInt(65);
    boolean isLow = random.nextBoolean();
    int most = 1 + random.nextInt(random.nextBoolean() ? 40 : 900);
    int step = 1 + random.nextInt(random.nextBoolean() ? 1 : 90_000);
    IntToLongFunction hash = position -> hash(position, bits, isLow);
    PositionIndex index = new PositionIndex(hash, random.nextInt(3) * random.nextInt(most));
    TreeSet<Integer> naive = new TreeSet<>();
    for (int target : new int[] {most, most / 3, most, 0, most / 2}) {
      while (naive.size() != target) {
        int position = random.nextInt(most) * step;
        boolean isAway = !naive.contains(position) && random.nextInt(9) == 0;
        if (isAway || naive.size() > target) {
          index.remove(position, hash.applyAsLong(position));
          naive.remove(position);
        } else if (naive.add(position)) {
          index.add(position, hash.applyAsLong(position));
        }
      }
      verify(index, hash, naive, most * step, step);
    }
    PositionIndex copy = index.copy();
    TreeSet<Integer> frozen = new TreeSet<>(naive);
    naive.forEach(position -> index.remove(position, hash.applyAsLong(position)));
    verify(index, hash, new TreeSet<>(), most * step, step);
    verify(copy, hash, frozen, most * step, step);
    PositionIndex fork = copy.fork(hash);
    frozen.forEach(position -> fork.remove(position, hash.applyAsLong(position)));
    verify(fork, hash, new TreeSet<>(), most * step, step);
    verify(copy, hash, frozen, most * step, step);
  }

  private static long hash(int position, int bits, boolean isLow) {
    long mixed = bits == 0 ? -1 : Mix.mix(position) >>> (64 - bits);
    return isLow ? mixed : Long.reverse(mixed);
  }

  private static void verify(
      PositionIndex index, IntToLongFunction hash, TreeSet<Integer> naive, int end, int step) {
    for (int position = 0; position < end; position += step) {
      int asked = position;
      int found = index.find(hash.applyAsLong(position), at -> at == asked);
      assertThat(found).isEqualTo(naive.contains(position) ? position : PositionIndex.NONE);
    }
  }

  /** The greatest position that so many bits can name looks like an empty place: it is never so. */
  @Test
  void position_atTheEndOfWhatFewBitsName_isFound() {
    for (int power = 2; power <= 27; power++) {
      for (int position : new int[] {(1 << power) - 3, (1 << power) - 2}) {
        PositionIndex index = new PositionIndex(at -> -1);
        index.add(0, -1);
        index.add(position, -1);
        assertThat(index.find(-1, at -> at == position)).isEqualTo(position);
        index.remove((1 << power) - 1, -1);
        index.remove(position, -1);
        assertThat(index.find(-1, at -> at > 0)).isEqualTo(PositionIndex.NONE);
        assertThat(index.find(-1, at -> at == 0)).isZero();
      }
    }
  }

  @Test
  void position_beyondWhatAnEntryCanName_isRefused() {
    PositionIndex index = new PositionIndex(at -> at);
    assertThatThrownBy(() -> index.add((1 << 27) - 1, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("position 134217727");
  }

  @Test
  void capacity_hasRoomForWhatIsExpected_orIsRefused() {
    int most = (1 << 27) / 4 * 3;
    for (int expected = 0; expected < most; expected += 1 + expected / 3) {
      assertThat(PositionIndex.capacityFor(expected) / 4 * 3).isGreaterThanOrEqualTo(expected);
    }
    assertThat(PositionIndex.capacityFor(most)).isEqualTo(1 << 27);
    for (int expected : new int[] {most + 1, 1 << 29, 1 << 30, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> new PositionIndex(at -> at, expected))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              expected
                  + " positions are expected;"
                  + " an index has room for 100663296 positions below 134217727");
    }
  }

  @Test
  void position_thatIsRefused_leavesTheIndexAsItWas() {
    IntToLongFunction hash = position -> hash(position, 64, true);
    PositionIndex index = new PositionIndex(hash);
    TreeSet<Integer> naive = new TreeSet<>();
    for (int position = 0; position < 40; position++) {
      for (int beyond : new int[] {(1 << 27) - 1, 1 << 29, Integer.MAX_VALUE}) {
        assertThatThrownBy(() -> index.reserve(beyond)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> index.add(beyond, 0)).isInstanceOf(IllegalStateException.class);
      }
      index.reserve(position);
      index.add(position, hash.applyAsLong(position));
      naive.add(position);
      verify(index, hash, naive, 41, 1);
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void longs_afterAnySteps_areWhatAMapHolds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int keys = 1 + random.nextInt(400);
    int shift = random.nextInt(60);
    LongIndex index = new LongIndex();
    Map<Long, Integer> naive = new HashMap<>();
    for (int step = 0; step < 900; step++) {
      long key = (random.nextLong(keys) - keys / 2) << shift;
      int position = random.nextInt(Integer.MAX_VALUE);
      index.put(key, position);
      naive.put(key, position);
    }
    for (long each = -keys; each <= keys; each++) {
      long key = each << shift;
      assertThat(index.find(key)).isEqualTo(naive.getOrDefault(key, LongIndex.NONE));
    }
  }
}
