package dev.stowage.deterministic.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.deterministic.queues.OrderedQueue.TimestampedEvent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TimestampTest {
  @Test
  void timestamp_publishedCases_hold() {
    assertThat(Timestamp.of(42).bits()).isEqualTo(42);
    assertThat(Timestamp.ZERO).isEqualTo(Timestamp.of(0));
    assertThat(Timestamp.MAX).hasToString("18446744073709551615");
    assertThat(Timestamp.of(10).increment()).isEqualTo(Timestamp.of(11));
    assertThat(Timestamp.of(10).maxWith(Timestamp.of(20))).isEqualTo(Timestamp.of(20));
    assertThat(Timestamp.of(20).maxWith(Timestamp.of(10))).isEqualTo(Timestamp.of(20));
  }

  @Test
  void increment_atTheGreatest_saturates() {
    assertThat(Timestamp.of(-2).increment()).isEqualTo(Timestamp.MAX);
    assertThat(Timestamp.MAX.increment()).isEqualTo(Timestamp.MAX);
  }

  @Property(seed = "1")
  void order_ofAnyTwo_agreesWithBigIntegers(@ForAll long a, @ForAll long b) {
    Timestamp left = Timestamp.of(a);
    Timestamp right = Timestamp.of(b);
    int expected =
        new BigInteger(Long.toUnsignedString(a))
            .compareTo(new BigInteger(Long.toUnsignedString(b)));
    assertThat(Integer.signum(left.compareTo(right))).isEqualTo(expected);
    assertThat(left.happensBefore(right)).isEqualTo(expected < 0);
    assertThat(left.isConcurrentWith(right)).isEqualTo(expected == 0);
  }

  @Property(seed = "1")
  void maxWith_nearTheSignBit_isTheLater(
      @ForAll @LongRange(min = -3, max = 3) long a, @ForAll @LongRange(min = -3, max = 3) long b) {
    Timestamp left = Timestamp.of(Long.MIN_VALUE + a);
    Timestamp right = Timestamp.of(Long.MIN_VALUE + b);
    assertThat(left.maxWith(right).bits()).isEqualTo(Long.MIN_VALUE + Math.max(a, b));
  }

  @Test
  void events_ofTimeAndCore_areOrderedByBothAndHappenBeforeByTime() {
    TimestampedEvent<String> e1 = new TimestampedEvent<>(Timestamp.of(10), 0, "a");
    TimestampedEvent<String> e2 = new TimestampedEvent<>(Timestamp.of(20), 0, "b");
    TimestampedEvent<String> e3 = new TimestampedEvent<>(Timestamp.of(10), 1, "c");
    List<TimestampedEvent<String>> shuffled = new ArrayList<>(List.of(e2, e3, e1));
    Collections.sort(shuffled);
    assertThat(shuffled).extracting(TimestampedEvent::event).containsExactly("a", "c", "b");
    assertThat(e1.happensBefore(e2)).isTrue();
    assertThat(e1.happensBefore(e3)).isFalse();
    assertThat(e3.happensBefore(e1)).isFalse();
  }

  @Test
  void events_ofOneKey_areEqualWhateverTheyCarry() {
    TimestampedEvent<String> a = new TimestampedEvent<>(Timestamp.of(10), 0, "a");
    TimestampedEvent<String> b = new TimestampedEvent<>(Timestamp.of(10), 0, "b");
    assertThat(a).isEqualByComparingTo(b).isEqualTo(b).hasSameHashCodeAs(b);
    assertThat(a).isNotEqualTo(new TimestampedEvent<>(Timestamp.of(10), 1, "a"));
  }

  @Test
  void event_withNegativeCore_isRefusedByName() {
    assertThatThrownBy(() -> new TimestampedEvent<>(Timestamp.ZERO, -1, "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1")
        .hasMessageContaining("at least 0");
  }
}
