package dev.stowage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The first that a budget suffices for, against a walk along a sorted map. */
class CostOrderTest {
  private record Member(int place, long cost) {}

  private static CostOrder<Member> empty() {
    return new CostOrder<>(Comparator.comparingInt(Member::place), Member::cost);
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void first_afterAnySteps_isTheOneThatAWalkFinds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int places = 1 + random.nextInt(random.nextBoolean() ? 8 : 300);
    int costs = 1 + random.nextInt(40);
    CostOrder<Member> order = empty();
    TreeMap<Integer, Member> naive = new TreeMap<>();
    for (int step = 0; step < 600; step++) {
      int place = random.nextInt(places);
      boolean isGrowing = step / 150 % 2 == 0;
      if (random.nextInt(10) < (isGrowing ? 7 : 3)) {
        Member member = new Member(place, random.nextInt(costs));
        order.add(member);
        naive.putIfAbsent(place, member);
      } else {
        order.remove(new Member(place, 0));
        naive.remove(place);
      }
      long budget = random.nextInt(costs + 1) - 1L;
      Member expected =
          naive.values().stream().filter(it -> it.cost() <= budget).findFirst().orElse(null);
      assertThat(order.firstWithin(budget)).isEqualTo(expected);
      assertThat(order.size()).isEqualTo(naive.size());
      assertThat(order.isEmpty()).isEqualTo(naive.isEmpty());
    }
  }

  /** In ascending and in descending order, where a tree that is not balanced is a list. */
  @Test
  void manyInOrder_areTakenAndGivenBack() {
    for (int sign : new int[] {1, -1}) {
      CostOrder<Member> order = empty();
      for (int i = 0; i < 100_000; i++) {
        order.add(new Member(sign * i, i));
      }
      assertThat(order.firstWithin(0)).isEqualTo(new Member(0, 0));
      for (int i = 0; i < 99_999; i++) {
        order.remove(new Member(sign * i, i));
      }
      assertThat(order.firstWithin(Long.MAX_VALUE)).isEqualTo(new Member(sign * 99_999, 99_999));
      assertThat(order.size()).isEqualTo(1);
    }
  }
}
