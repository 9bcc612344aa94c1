package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Bits on pages against a sorted set. */
class SparseBitsTest {
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void bits_afterAnySteps_areWhatASortedSetHolds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int step = 1 << random.nextInt(14);
    SparseBits bits = new SparseBits();
    TreeSet<Integer> naive = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      int member = Math.max(0, random.nextInt(60) * step - random.nextInt(2));
      if (random.nextInt(3) == 0) {
        bits.remove(member);
        naive.remove(member);
      } else {
        bits.add(member);
        naive.add(member);
      }
      int asked = Math.max(0, random.nextInt(60) * step - random.nextInt(2));
      assertThat(bits.contains(asked)).isEqualTo(naive.contains(asked));
    }
    int[] members = naive.stream().mapToInt(member -> member).toArray();
    assertThat(bits.toArray()).isEqualTo(members);
    assertThat(SparseBits.of(members).toArray()).isEqualTo(members);
    Arrays.stream(members).forEach(bits::remove);
    assertThat(bits.toArray()).isEmpty();
  }

  @Test
  void greatMembers_takeAPageEach() {
    SparseBits bits = SparseBits.of(Integer.MAX_VALUE, 0);
    assertThat(bits.toArray()).containsExactly(0, Integer.MAX_VALUE);
    assertThat(bits.contains(Integer.MAX_VALUE - 1)).isFalse();
  }
}
