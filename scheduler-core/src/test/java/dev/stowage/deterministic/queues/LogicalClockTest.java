package dev.stowage.deterministic.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogicalClockTest {
  @Test
  void tick_repeated_countsUpStrictly() {
    LogicalClock clock = LogicalClock.atZero();
    Timestamp first = clock.tick();
    Timestamp second = clock.tick();
    Timestamp third = clock.tick();
    assertThat(List.of(first, second, third))
        .containsExactly(Timestamp.of(1), Timestamp.of(2), Timestamp.of(3));
    assertThat(first.happensBefore(second)).isTrue();
    assertThat(second.happensBefore(third)).isTrue();
  }

  @Test
  void recv_ofLaterAndOfEarlierTime_exceedsBoth() {
    LogicalClock behind = LogicalClock.atZero();
    behind.tick();
    behind.tick();
    assertThat(behind.recv(Timestamp.of(10))).isEqualTo(Timestamp.of(11));

    LogicalClock ahead = LogicalClock.atZero();
    ahead.tick();
    ahead.tick();
    ahead.tick();
    assertThat(ahead.recv(Timestamp.of(1))).isEqualTo(Timestamp.of(4));
  }

  @Test
  void fastForward_raisesAndNeverLowers() {
    LogicalClock clock = LogicalClock.atZero();
    clock.tick();
    clock.tick();
    assertThat(clock.fastForward(Timestamp.of(100))).isEqualTo(Timestamp.of(100));
    assertThat(clock.tick()).isEqualTo(Timestamp.of(101));
    assertThat(clock.fastForward(Timestamp.of(50))).isEqualTo(Timestamp.of(101));
    assertThat(clock.now()).isEqualTo(Timestamp.of(101));
  }

  @Test
  void tick_atTheGreatest_throwsAndLeavesTheClock() {
    LogicalClock clock = LogicalClock.startingAt(Timestamp.of(-2));
    assertThat(clock.tick()).isEqualTo(Timestamp.MAX);
    assertThatThrownBy(clock::tick)
        .isInstanceOf(ClockExhausted.class)
        .hasMessageContaining("18446744073709551615");
    assertThat(clock.now()).isEqualTo(Timestamp.MAX);
  }

  @Test
  void recv_atTheGreatest_throwsAndLeavesTheClock() {
    LogicalClock clock = LogicalClock.atZero();
    assertThatThrownBy(() -> clock.recv(Timestamp.MAX)).isInstanceOf(ClockExhausted.class);
    assertThat(clock.now()).isEqualTo(Timestamp.ZERO);
    assertThat(clock.recv(Timestamp.of(-2))).isEqualTo(Timestamp.MAX);
    assertThatThrownBy(() -> clock.recv(Timestamp.ZERO)).isInstanceOf(ClockExhausted.class);
  }

  @Test
  void headroom_isExactOnBothSides() {
    LogicalClock clock = LogicalClock.startingAt(Timestamp.of(-4));
    clock.requireHeadroom(3);
    assertThatThrownBy(() -> clock.requireHeadroom(4)).isInstanceOf(ClockExhausted.class);
  }

  @Test
  void tick_byManyThreads_returnsEveryTimeOnce() throws InterruptedException {
    LogicalClock clock = LogicalClock.atZero();
    int threads = 4;
    int each = 5_000;
    long[][] seen = new long[threads][each];
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      long[] mine = seen[t];
      Thread thread =
          new Thread(() -> {
            for (int i = 0; i < each; i++) {
              mine[i] = clock.tick().bits();
            }
          });
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      thread.join();
    }
    long[] all = Arrays.stream(seen).flatMapToLong(Arrays::stream).sorted().toArray();
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).isEqualTo(i + 1);
    }
    for (long[] mine : seen) {
      assertThat(mine).isSorted();
    }
  }
}
