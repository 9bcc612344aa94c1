package dev.stowage.placement.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.PlacementPlan.Search;
import org.junit.jupiter.api.Test;

/** Tests the bound on the steps of searches. */
class SearchesTest {
  private static long steps(long workers, long replicas) {
    Searches searches = new Searches();
    searches.expect(workers, replicas);
    Searches.Budget budget = searches.budget(Search.RELOCATION);
    long steps = 0;
    while (budget.goesOn()) {
      budget.spend(64);
      steps += 64;
    }
    assertThat(searches.cutShort(false)).containsExactly(Search.RELOCATION);
    return steps;
  }

  @Test
  void budget_growsWithTheInputUpToABound() {
    long few = steps(1, 9);
    assertThat(steps(20, 80)).isEqualTo(10 * few);
    assertThat(steps(1_000_000, 0)).isLessThan(1_000_000 * few);
    assertThat(steps(1_000, 1L << 62)).isEqualTo(steps(1_000_000, 0));
  }

  @Test
  void cutShort_whereEverythingIsPlaced_isNothing() {
    Searches searches = new Searches();
    searches.giveUp(Search.RELOCATION);
    assertThat(searches.cutShort(false)).containsExactly(Search.RELOCATION);
    assertThat(searches.cutShort(true)).isEmpty();
  }
}
