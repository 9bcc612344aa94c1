package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The set of small ints against a hash set that keeps the order of addition. */
class IntSetTest {
  private static List<Integer> membersOf(IntSet set) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      members.add(set.member(i));
    }
    assertThat(Arrays.stream(set.toArray()).boxed().toList()).isEqualTo(members);
    return members;
  }

  @Test
  void set_afterAnyOperation_isWhatAHashSetIs() {
    SplittableRandom random = new SplittableRandom(4);
    IntSet set = new IntSet();
    LinkedHashSet<Integer> naive = new LinkedHashSet<>();
    for (int step = 0; step < 900; step++) {
      int value = random.nextInt(300);
      if (random.nextInt(3) == 0) {
        set.remove(value);
        naive.remove(value);
      } else {
        assertThat(set.add(value)).isEqualTo(naive.add(value));
      }
      if (step % 300 == 299) {
        set.clear();
        naive.clear();
      }
      assertThat(set.size()).isEqualTo(naive.size());
      assertThat(set.isEmpty()).isEqualTo(naive.isEmpty());
      assertThat(membersOf(set)).containsExactlyInAnyOrderElementsOf(naive);
      for (int probe = 0; probe < 330; probe++) {
        assertThat(set.contains(probe)).isEqualTo(naive.contains(probe));
      }
    }
  }

  @Test
  void set_keepsTheOrderOfAddition() {
    IntSet set = new IntSet();
    set.addAll(new int[] {64, 63, 900, 0, 64, 128});
    assertThat(membersOf(set)).containsExactly(64, 63, 900, 0, 128);
    set.remove(63);
    assertThat(membersOf(set)).containsExactly(64, 128, 900, 0);
    set.remove(4_000);
    assertThat(set.size()).isEqualTo(4);
    assertThatThrownBy(() -> set.add(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void set_ofManyMembers_isEmptyOnceCleared() {
    IntSet set = new IntSet();
    for (int value = 9_000; value > 0; value--) {
      assertThat(set.add(value)).isTrue();
    }
    assertThat(set.size()).isEqualTo(9_000);
    assertThat(set.cleared()).isSameAs(set);
    assertThat(set.isEmpty()).isTrue();
    for (int value = 9_000; value > 0; value--) {
      assertThat(set.contains(value)).isFalse();
    }
    assertThat(set.add(7)).isTrue();
    assertThat(membersOf(set)).containsExactly(7);
  }

  @Test
  void compactSet_isOnItsOwn_andForReadingOnly() {
    IntSet set = new IntSet();
    set.addAll(new int[] {70, 5});
    IntSet compact = set.compact();
    set.remove(5);
    set.add(6);
    set.add(71);
    assertThat(membersOf(compact)).containsExactly(70, 5);
    assertThat(compact.contains(5)).isTrue();
    assertThat(compact.contains(71)).isFalse();
    assertThat(compact.compact()).isSameAs(compact);
    assertThatThrownBy(() -> compact.add(1)).isInstanceOf(IllegalStateException.class);
    assertThat(new IntSet().compact().contains(0)).isFalse();
  }
}
