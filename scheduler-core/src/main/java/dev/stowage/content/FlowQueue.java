package dev.stowage.content;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one class, of one flow. Exists while something does, and is used again afterwards.
 */
final class FlowQueue extends Turn {
  private final ItemTable table;
  private final RankOrder order;
  final LeafHeap leaves;
  private final Leaf plain;
  private @Nullable Map<Destination, Leaf> byDestination;
  TenantQueue tenant;
  boolean named;
  long stream;
  int weight;
  long sentBytes;

  /** Its neighbours in the list of the class's flows, oldest first. */
  @Nullable FlowQueue previousInClass;

  @Nullable FlowQueue nextInClass;

  FlowQueue(ItemTable table, RankOrder order, TenantQueue tenant) {
    this.table = table;
    this.order = order;
    this.tenant = tenant;
    this.leaves = new LeafHeap(order, false);
    this.plain = new Leaf(table, order, this);
  }

  void begin(TenantQueue owner, Flow flow) {
    tenant = owner;
    named = flow.named();
    stream = flow.stream();
    weight = flow.weight();
    sentBytes = 0;
  }

  boolean is(Flow flow) {
    return named == flow.named() && stream == flow.stream();
  }

  Leaf leafFor(@Nullable Destination destination) {
    if (destination == null) {
      return plain;
    }
    if (byDestination == null) {
      byDestination = new HashMap<>();
    }
    Leaf leaf = byDestination.get(destination);
    if (leaf == null) {
      leaf = new Leaf(table, order, this);
      leaf.destination = destination;
      byDestination.put(destination, leaf);
    }
    return leaf;
  }

  /** Drops a leaf in which nothing waits any more. */
  void drop(Leaf leaf) {
    if (leaf.destination == null) {
      leaf.trim();
    } else if (byDestination != null) {
      byDestination.remove(leaf.destination);
      table.delist(leaf.number());
    }
  }

  @Override
  long headCharge() {
    return Math.max(1, table.item(leaves.first().head()).sizeBytes());
  }
}
