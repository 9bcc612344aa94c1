package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Progress;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rates of copies. */
class MovedTest {
  private static final Part TEN = new Part(1, 10);

  private Moved moved = Moved.NONE;

  private void arrive(long tick, boolean isDone, String... names) {
    Map<String, Part> arrived = new TreeMap<>();
    for (String name : names) {
      arrived.put(name, TEN);
    }
    moved = moved.with(tick, arrived, worker -> true, isDone);
  }

  private void busy(long from, long to) {
    for (long tick = from; tick <= to; tick++) {
      arrive(tick, tick == to, Moved.ALL);
    }
  }

  @Test
  void rate_leavesOutTimeInWhichNothingWasToGo() {
    busy(1, 41);
    assertThat(moved.rateAt(Moved.ALL, 200)).as("at rest").isEqualTo(new Moved.Rate(10, 10));
    busy(241, 281);
    assertThat(moved.rateAt(Moved.ALL, 281)).isEqualTo(new Moved.Rate(10, 10));
    assertThat(moved.stream(Moved.ALL).orElseThrow().bytes()).isEqualTo(820);
  }

  @Test
  void rate_countsAStandstillWhileCopiesAreToGo() {
    for (long tick = 1; tick <= 41; tick++) {
      arrive(tick, false, Moved.ALL);
    }
    assertThat(moved.rateAt(Moved.ALL, 201))
        .as("the newer half is still")
        .isEqualTo(new Moved.Rate(0, 2));
  }

  @Test
  void rate_ofAPartThatStoodStill_isUnknownUntilItMoves_andLeavesThatOut() {
    for (long tick = 1; tick <= 241; tick++) {
      boolean isMoving = tick <= 41 || tick > 200;
      arrive(tick, false, isMoving ? new String[] {Moved.ALL, "leave"} : new String[] {Moved.ALL});
    }
    assertThat(moved.rateAt("leave", 241)).isEqualTo(new Moved.Rate(10, 10));
    for (long tick = 242; tick <= 310; tick++) {
      arrive(tick, false, Moved.ALL);
    }
    assertThat(moved.rateAt("leave", 310)).isEqualTo(Moved.Rate.UNKNOWN);
  }

  @Test
  void rate_isUnknownAfterALongPause() {
    busy(1, 41);
    assertThat(moved.rateAt(Moved.ALL, 42 + Progress.RATE_TICKS)).isEqualTo(Moved.Rate.UNKNOWN);
  }
}
