package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkSetsTest {
  private final WorkSets work = new WorkSets();

  @Test
  void chunkThatRests_isRestlessAgain_onceItsWindowIsOver() {
    work.rest(3, 7);
    work.wakeUntil(6);
    assertThat(work.restless.toArray()).isEmpty();
    work.wakeUntil(7);
    assertThat(work.restless.toArray()).containsExactly(3);
  }

  @Test
  void chunkThatRests_isRestlessAgain_onceItIsTouched_andNoMoreByItsFormerWindow() {
    work.rest(3, 7);
    work.wake(3);
    assertThat(work.restless.toArray()).containsExactly(3);
    work.restless.clear();
    work.rest(3, Long.MAX_VALUE);
    work.rest(4, 5);
    work.wakeUntil(6);
    assertThat(work.restless.toArray()).containsExactly(4);
  }

  @Test
  void chunkThatDoesNotRest_staysAsItIs() {
    work.wake(3);
    work.wakeUntil(Long.MAX_VALUE);
    assertThat(work.restless.toArray()).isEmpty();
  }

  @Test
  void wakeAll_returnsTheRestlessAndThoseThatRest() {
    work.restless.add(1);
    work.rest(3, 7);
    work.rest(5, Long.MAX_VALUE);
    assertThat(work.wakeAll()).containsExactlyInAnyOrder(1, 3, 5);
    assertThat(work.restless.toArray()).containsExactlyInAnyOrder(1, 3, 5);
  }
}
