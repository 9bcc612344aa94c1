package dev.stowage.deterministic.queues;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.deterministic.queues.OrderedQueue.TimestampedEvent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TimestampTest {
  @Test
  void timestamp_publishedCases_hold() {
    assertThat(new Timestamp(42).bits()).isEqualTo(42);
    assertThat(Timestamp.ZERO).isEqualTo(new Timestamp(0));
    assertThat(Timestamp.MAX).hasToString("18446744073709551615");
    assertThat(new Timestamp(10).increment()).isEqualTo(new Timestamp(11));
    assertThat(new Timestamp(-2).increment().increment()).isEqualTo(Timestamp.MAX);
    assertThat(new Timestamp(10).maxWith(new Timestamp(20))).isEqualTo(new Timestamp(20));
    assertThat(new Timestamp(20).maxWith(new Timestamp(10))).isEqualTo(new Timestamp(20));
  }

  @Property(seed = "1")
  void order_ofAnyTwo_agreesWithBigIntegers(@ForAll long a, @ForAll long b) {
    Timestamp left = new Timestamp(a);
    Timestamp right = new Timestamp(b);
    int expected =
        new BigInteger(Long.toUnsignedString(a))
            .compareTo(new BigInteger(Long.toUnsignedString(b)));
    assertThat(Integer.signum(left.compareTo(right))).isEqualTo(expected);
    assertThat(left.happensBefore(right)).isEqualTo(expected < 0);
    assertThat(left.isConcurrentWith(right)).isEqualTo(expected == 0);
    assertThat(left.maxWith(right)).isEqualTo(expected < 0 ? right : left);
  }

  @Test
  void events_areOrderedByTimeAndCore() {
    TimestampedEvent<String> e1 = new TimestampedEvent<>(new Timestamp(10), 0, "a");
    TimestampedEvent<String> e2 = new TimestampedEvent<>(new Timestamp(20), 0, "b");
    TimestampedEvent<String> e3 = new TimestampedEvent<>(new Timestamp(10), 1, "c");
    List<TimestampedEvent<String>> shuffled = new ArrayList<>(List.of(e2, e3, e1));
    Collections.sort(shuffled);
    assertThat(shuffled).extracting(TimestampedEvent::event).containsExactly("a", "c", "b");
    assertThat(e1.timestamp().isConcurrentWith(e3.timestamp())).isTrue();
  }

  @Test
  void events_ofOneKey_areEqualWhateverTheyCarry() {
    TimestampedEvent<String> a = new TimestampedEvent<>(new Timestamp(10), 0, "a");
    TimestampedEvent<String> b = new TimestampedEvent<>(new Timestamp(10), 0, "b");
    assertThat(a).isEqualByComparingTo(b).isEqualTo(b).hasSameHashCodeAs(b);
    assertThat(a).isNotEqualTo(new TimestampedEvent<>(new Timestamp(10), 1, "a"));
  }
}
