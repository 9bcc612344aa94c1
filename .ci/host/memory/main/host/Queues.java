package host;

import dev.stowage.deterministic.queues.LogicalClock;
import dev.stowage.deterministic.queues.OrderedQueue;
import java.util.ArrayList;
import java.util.List;

/** The example of the page about queues. */
final class Queues {
  private Queues() {}

  static List<String> order() {
    // insert: java 2 of docs/clients.md statements
    return order;
  }
}
