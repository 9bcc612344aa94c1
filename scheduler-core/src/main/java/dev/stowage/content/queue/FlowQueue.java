package dev.stowage.content.queue;

import dev.stowage.content.Flow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ready items of a class and flow; small, because most flows hold only a few items. */
public final class FlowQueue extends Turn {
  /** The only leaf unless there are several; kept when empty if it has no destination. */
  private @Nullable Leaf only;

  private @Nullable Several several;

  public TenantQueue tenant;
  public long stream;
  public long sentBytes;

  /** Links of the class's list of flows, oldest first. */
  @Nullable public FlowQueue previousInClass;

  @Nullable FlowQueue next;

  FlowQueue(TenantQueue tenant) {
    this.tenant = tenant;
  }

  private static final class Several {
    final LeafHeap heap;
    final Map<Destination, Leaf> byDestination = new HashMap<>();

    @Nullable Leaf plain;

    Several(RankOrder order) {
      heap = new LeafHeap(order, false);
    }

    void add(Leaf leaf) {
      heap.add(leaf);
      Destination destination = leaf.destination();
      if (destination == null) {
        plain = leaf;
      } else {
        byDestination.put(destination, leaf);
      }
    }

    void remove(Leaf leaf) {
      heap.remove(leaf);
      Destination destination = leaf.destination();
      if (destination == null) {
        plain = null;
      } else {
        byDestination.remove(destination);
      }
    }

    @Nullable Leaf find(@Nullable Destination destination) {
      return destination == null ? plain : byDestination.get(destination);
    }
  }

  void begin(TenantQueue owner, Flow flow) {
    tenant = owner;
    stream = flow.stream();
    sentBytes = 0;
    several = null;
  }

  public boolean named() {
    return !tenant.isUnnamed(this);
  }

  boolean isEmpty() {
    return several == null ? only == null || only.isEmpty() : several.heap.isEmpty();
  }

  Leaf first() {
    Leaf first = several == null ? only : several.heap.first();
    if (first == null) {
      throw new IllegalStateException("nothing waits in the flow");
    }
    return first;
  }

  @Nullable LeafHeap several() {
    return several == null ? null : several.heap;
  }

  Leaf leafFor(@Nullable Destination destination, RankOrder order) {
    Leaf there =
        several != null
            ? several.find(destination)
            : only != null && only.destination() == destination ? only : null;
    return there == null ? new Leaf(order, this, destination) : there;
  }

  void entered(Leaf leaf, RankOrder order) {
    Leaf other = only;
    if (several == null && (other == null || other == leaf || other.isEmpty())) {
      if (other != null && other != leaf) {
        order.table().delist(other.number());
      }
      only = leaf;
      return;
    }
    if (several == null) {
      several = new Several(order);
    }
    if (other != null) {
      several.add(other);
      only = null;
    }
    several.add(leaf);
  }

  void changed(Leaf leaf) {
    if (several != null) {
      several.heap.changed(leaf);
    }
  }

  void reorder() {
    if (several != null) {
      several.heap.reorder();
    }
  }

  void emptied(Leaf leaf, ItemTable table) {
    if (several != null) {
      several.remove(leaf);
      table.delist(leaf.number());
    } else if (leaf.destination() == null) {
      leaf.trim();
    } else {
      only = null;
      table.delist(leaf.number());
    }
  }

  @Override
  long headCharge() {
    Leaf leaf = first();
    return Math.max(1, leaf.headItem().sizeBytes());
  }
}
