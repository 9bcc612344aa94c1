package host;

import dev.stowage.deterministic.queues.LogicalClock;
import dev.stowage.deterministic.queues.OrderedQueue;
import java.util.ArrayList;
import java.util.List;

/** The example of the page about queues. */
final class Queues {
  private Queues() {}

  static List<String> order() {
    // insert: java 1 of docs/queues.md statements
    return order;
  }
}
