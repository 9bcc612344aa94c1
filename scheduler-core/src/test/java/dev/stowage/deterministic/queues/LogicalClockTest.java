package dev.stowage.deterministic.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
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
        .containsExactly(new Timestamp(1), new Timestamp(2), new Timestamp(3));
    assertThat(first.happensBefore(second)).isTrue();
    assertThat(second.happensBefore(third)).isTrue();
  }

  @Test
  void recv_ofLaterAndOfEarlierTime_exceedsBoth() {
    LogicalClock behind = LogicalClock.atZero();
    behind.tick();
    behind.tick();
    assertThat(behind.recv(new Timestamp(10))).isEqualTo(new Timestamp(11));

    LogicalClock ahead = LogicalClock.atZero();
    ahead.tick();
    ahead.tick();
    ahead.tick();
    assertThat(ahead.recv(new Timestamp(1))).isEqualTo(new Timestamp(4));
  }

  @Test
  void fastForward_raisesAndNeverLowers() {
    LogicalClock clock = LogicalClock.atZero();
    clock.tick();
    clock.tick();
    assertThat(clock.fastForward(new Timestamp(100))).isEqualTo(new Timestamp(100));
    assertThat(clock.tick()).isEqualTo(new Timestamp(101));
    assertThat(clock.fastForward(new Timestamp(50))).isEqualTo(new Timestamp(101));
    assertThat(clock.now()).isEqualTo(new Timestamp(101));
  }

  @Test
  void tick_atTheGreatest_throwsAndLeavesTheClock() {
    LogicalClock clock = LogicalClock.startingAt(new Timestamp(-2));
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
    assertThat(clock.recv(new Timestamp(-2))).isEqualTo(Timestamp.MAX);
    assertThatThrownBy(() -> clock.recv(Timestamp.ZERO)).isInstanceOf(ClockExhausted.class);
  }

  @Test
  void headroom_isExactOnBothSides() {
    LogicalClock clock = LogicalClock.startingAt(new Timestamp(-4));
    clock.requireHeadroom(3);
    assertThatThrownBy(() -> clock.requireHeadroom(4)).isInstanceOf(ClockExhausted.class);
  }
}
