package dev.stowage.content.queue;

import dev.stowage.content.Flow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one class, of one flow. Exists while something does, and is used again afterwards.
 * There may be thousands, most of them with a few items for one destination: such a flow is this
 * object and a leaf.
 */
public final class FlowQueue extends Turn {
  /** The only leaf while there are not several; one without a destination stays when it empties. */
  private @Nullable Leaf only;

  /** The leaves in which something waits, once there were several. */
  private @Nullable Several several;

  public TenantQueue tenant;
  public long stream;
  public long sentBytes;

  /** Its neighbours in the list of the class's flows, oldest first. */
  @Nullable public FlowQueue previousInClass;

  /** The next of those flows, or of those that wait to be used again. */
  @Nullable FlowQueue next;

  FlowQueue(TenantQueue tenant) {
    this.tenant = tenant;
  }

  private static final class Several {
    final LeafHeap heap;
    final Map<Destination, Leaf> byDestination = new HashMap<>();

    /** What names no destination. */
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

  /** Whether it is a stream; else it is what its tenant's items without a stream form. */
  public boolean named() {
    return !tenant.isUnnamed(this);
  }

  boolean isEmpty() {
    return several == null ? only == null || only.isEmpty() : several.heap.isEmpty();
  }

  /** The leaf with the best item; there must be one. */
  Leaf first() {
    Leaf first = several == null ? only : several.heap.first();
    if (first == null) {
      throw new IllegalStateException("nothing waits in the flow");
    }
    return first;
  }

  /** The leaves by their best items, once there were several. */
  @Nullable LeafHeap several() {
    return several == null ? null : several.heap;
  }

  /** Where items for a destination wait, or would; {@link #entered} follows if it was empty. */
  Leaf leafFor(@Nullable Destination destination, RankOrder order) {
    Leaf there =
        several != null
            ? several.find(destination)
            : only != null && only.destination() == destination ? only : null;
    return there == null ? new Leaf(order, this, destination) : there;
  }

  /** A leaf has its first item. */
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

  /** The best item of a leaf is another. */
  void changed(Leaf leaf) {
    if (several != null) {
      several.heap.changed(leaf);
    }
  }

  /** The order changed. */
  void reorder() {
    if (several != null) {
      several.heap.reorder();
    }
  }

  /** Nothing waits in a leaf any more. */
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
