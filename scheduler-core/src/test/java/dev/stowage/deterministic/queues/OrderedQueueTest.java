package dev.stowage.deterministic.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.deterministic.queues.OrderedQueue.TimestampedEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderedQueueTest {
  @Test
  void pollEvent_carriesItsKey() {
    OrderedQueue<String> queue = OrderedQueue.ofCapacity(1);
    queue.offer(-1, 200, "x");
    TimestampedEvent<String> event = queue.pollEvent();
    assertThat(event).isEqualTo(new TimestampedEvent<>(Timestamp.MAX, 200, "x"));
    assertThat(queue.pollEvent()).isNull();
  }

  @Test
  void badArguments_areRefusedByName() {
    OrderedQueue<Integer> queue = OrderedQueue.ofCapacity(16);
    assertThatThrownBy(() -> queue.offer(0, 256, 1)).hasMessageContaining("256; 0 to 255");
    assertThatThrownBy(() -> queue.offer(0, -1, 1)).hasMessageContaining("-1; 0 to 255");
    assertThatThrownBy(() -> OrderedQueue.ofCapacity(0)).hasMessageContaining("0; 1 to");
    assertThatThrownBy(() -> queue.remove(OrderedQueue.FULL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.remove(17))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17");
  }

  /** The naive truth: a list that is sorted for every poll. */
  private record Naive(long timestamp, int core, int sequence) {
    static final Comparator<Naive> ORDER =
        Comparator.<Naive, Long>comparing(n -> n.timestamp, Long::compareUnsigned)
            .thenComparingInt(Naive::core)
            .thenComparingInt(Naive::sequence);
  }

  @Property(seed = "1")
  void queue_underAnyOperations_behavesLikeASortedList(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int capacity) {
    Random random = new Random(seed);
    OrderedQueue<Integer> queue = OrderedQueue.ofCapacity(capacity);
    List<Naive> model = new ArrayList<>();
    List<Long> handles = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          long timestamp = drawTimestamp(random);
          int core = random.nextBoolean() ? random.nextInt(3) : random.nextInt(256);
          long handle = queue.offer(timestamp, core, handles.size());
          if (model.size() == capacity) {
            assertThat(handle).isEqualTo(OrderedQueue.FULL);
          } else {
            model.add(new Naive(timestamp, core, handles.size()));
            handles.add(handle);
          }
        }
        case 2 -> pollBoth(queue, model);
        default -> removeBoth(queue, model, handles, random);
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    while (!model.isEmpty()) {
      pollBoth(queue, model);
    }
    assertThat(queue.poll()).isNull();
  }

  private static long drawTimestamp(Random random) {
    return random.nextInt(4) == 0 ? random.nextLong() : Long.MAX_VALUE - 2 + random.nextInt(5);
  }

  private static void pollBoth(OrderedQueue<Integer> queue, List<Naive> model) {
    model.sort(Naive.ORDER);
    assertThat(queue.firstTimestamp())
        .isEqualTo(model.stream().mapToLong(Naive::timestamp).findFirst());
    Integer expected = model.isEmpty() ? null : model.remove(0).sequence();
    assertThat(queue.peek()).isEqualTo(expected);
    assertThat(queue.poll()).isEqualTo(expected);
  }

  private static void removeBoth(
      OrderedQueue<Integer> queue, List<Naive> model, List<Long> handles, Random random) {
    if (handles.isEmpty()) {
      return;
    }
    int victim = random.nextInt(handles.size());
    boolean queued = model.removeIf(n -> n.sequence == victim);
    assertThat(queue.remove(handles.get(victim))).isEqualTo(queued ? victim : null);
  }
}
