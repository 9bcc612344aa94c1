package host;

import dev.stowage.deterministic.queues.LogicalClock;
import dev.stowage.deterministic.queues.OrderedQueue;
import java.util.ArrayList;
import java.util.List;

/** Orders work of two kinds: bulk work lets as many later commands pass as its patience is long. */
final class Queues {
  private Queues() {}

  static List<String> order() {
    OrderedQueue<String> waiting = OrderedQueue.ofCapacity(10_000);
    LogicalClock clock = LogicalClock.atZero();
    int people = 0;
    int bulk = 1;
    long patience = 2; // of bulk work, in commands

    long first = waiting.offer(clock.tickBits() + patience, bulk, "reindex a");
    waiting.offer(clock.tickBits() + patience, bulk, "reindex b");
    waiting.offer(clock.tickBits(), people, "drain w7");
    waiting.offer(clock.tickBits(), people, "drain w8");
    waiting.offer(clock.tickBits(), people, "drain w9");

    waiting.remove(first); // withdrawn; its handle stays dead
    List<String> order = new ArrayList<>();
    while (!waiting.isEmpty()) {
      order.add(waiting.poll());
    }
    return order;
  }
}
