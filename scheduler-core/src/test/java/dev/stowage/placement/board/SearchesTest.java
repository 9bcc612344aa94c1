package dev.stowage.placement.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.Search;
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
  void beginPart_allowsAnEighthEachTime() {
    Searches searches = new Searches();
    searches.expect(0, 8);
    Searches.Budget whole = searches.budget(Search.LEVELING);
    Searches.Budget budget = searches.budget(Search.ROOM_FOR_NEW);
    for (int part = 0; part < 8; part++) {
      budget.beginPart();
      assertThat(budget.goesOn()).isTrue();
      while (budget.goesOn()) {
        budget.spend(1);
        whole.spend(1);
      }
    }
    assertThat(whole.goesOn()).isFalse();
    budget.beginPart();
    assertThat(budget.goesOn()).isFalse();
  }

  @Test
  void cutShort_whereEverythingIsPlaced_isOnlyAboutTheLevel() {
    Searches searches = new Searches();
    searches.giveUp(Search.REPACKING);
    searches.giveUp(Search.LEVELING);
    assertThat(searches.cutShort(false)).containsExactly(Search.REPACKING, Search.LEVELING);
    assertThat(searches.cutShort(true)).containsExactly(Search.LEVELING);
  }
}
