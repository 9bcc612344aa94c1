package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntSet;

/** An order of chunks for each dataset. A copy shares all orders until they are written. */
final class DatasetOrders {
  private final RefPages<ChunkOrder> orders;

  /** The datasets whose orders no copy reads. */
  private final IntSet own = new IntSet();

  DatasetOrders() {
    this(new RefPages<>());
  }

  private DatasetOrders(RefPages<ChunkOrder> orders) {
    this.orders = orders;
  }

  ChunkOrder of(int dataset) {
    return orders.getOr(dataset, ChunkOrder.EMPTY);
  }

  void add(int position, ChunkFacts facts) {
    toWrite(facts.dataset(position)).add(position, facts);
  }

  void remove(int position, ChunkFacts facts) {
    toWrite(facts.dataset(position)).remove(position, facts);
  }

  private ChunkOrder toWrite(int dataset) {
    ChunkOrder order = of(dataset);
    if (order.isFrozen()) {
      order = order.thawed();
      orders.put(dataset, order);
      own.add(dataset);
    }
    return order;
  }

  RefPages<ChunkOrder> copy() {
    for (int i = 0; i < own.size(); i++) {
      of(own.member(i)).frozen();
    }
    own.clear();
    return orders.copy();
  }

  static DatasetOrders of(RefPages<ChunkOrder> copied) {
    return new DatasetOrders(copied);
  }

  /** Returns orders to write that share all blocks with this copy. */
  DatasetOrders fork() {
    return new DatasetOrders(orders.fork());
  }

  /** Reports whether this was made of a copy that still holds. */
  boolean isCopyOf(DatasetOrders now) {
    return orders == now.copy();
  }
}
