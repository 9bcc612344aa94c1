package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.ChunkState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Of each dataset the chunks that portals see or that own their range, in canonical order. They
 * hardly overlap, so what stands against a range is found at once, however many were offered there,
 * rejected or dropped.
 */
final class LiveOrders {
  private final Supplier<ChunkFacts> source;
  private final List<ChunkOrder> orders = new ArrayList<>();

  LiveOrders(Supplier<ChunkFacts> source) {
    this.source = source;
  }

  /** Whether a chunk of this state is in one. */
  static boolean isIn(int state, int flags) {
    return state == ChunkState.VISIBLE.ordinal()
        || (state != ChunkTable.FREE
            && (flags & ChunkTable.MARKED) == 0
            && ChunkState.of(state).isLive());
  }

  /** That of a dataset, by its dense number. */
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
