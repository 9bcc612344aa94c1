package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.ChunkState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The live chunks of each dataset. They hardly overlap, so that conflicts are found at once. */
final class LiveOrders {
  private final Supplier<ChunkFacts> source;
  private final List<ChunkOrder> orders = new ArrayList<>();

  LiveOrders(Supplier<ChunkFacts> source) {
    this.source = source;
  }

  static boolean isIn(int state, int flags) {
    return state == ChunkState.VISIBLE.ordinal()
        || (state != ChunkTable.FREE
            && (flags & ChunkTable.MARKED) == 0
            && ChunkState.of(state).isLive());
  }

  ChunkOrder of(int dataset) {
    while (orders.size() <= dataset) {
      orders.add(new ChunkOrder(source));
    }
    return orders.get(dataset);
  }

  LiveOrders copyFor(Supplier<ChunkFacts> other) {
    LiveOrders copy = new LiveOrders(other);
    for (ChunkOrder order : orders) {
      copy.orders.add(order.copyFor(other));
    }
    return copy;
  }
}
