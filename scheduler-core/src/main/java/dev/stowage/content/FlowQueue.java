package dev.stowage.content;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one class, of one flow. Exists while something does, and is used again afterwards.
 * There may be thousands, most of them with a few items for one destination: such a flow is this
 * object and a leaf.
 */
final class FlowQueue extends Turn {
  /** What names no destination, or all if nothing is paced. */
  private @Nullable Leaf plain;

  /** The only leaf in which something waits; null if there is none, or several. */
  private @Nullable Leaf only;

  /** The leaves in which something waits, once there were several. */
  private @Nullable Several several;

  TenantQueue tenant;
  long stream;
  long sentBytes;

  /** Its neighbours in the list of the class's flows, oldest first. */
  @Nullable FlowQueue previousInClass;

  /** The next of those flows, or of those that wait to be used again. */
  @Nullable FlowQueue next;

  FlowQueue(TenantQueue tenant) {
    this.tenant = tenant;
  }

  private static final class Several {
    final LeafHeap heap;
    final Map<Destination, Leaf> byDestination = new HashMap<>();

    Several(RankOrder order) {
      heap = new LeafHeap(order, false);
    }

    void add(Leaf leaf) {
      heap.add(leaf);
      Destination destination = leaf.destination();
      if (destination != null) {
        byDestination.put(destination, leaf);
      }
    }
  }

  void begin(TenantQueue owner, Flow flow) {
    tenant = owner;
    stream = flow.stream();
    sentBytes = 0;
    several = null;
  }

  /** Whether it is a stream; else it is what its tenant's items without a stream form. */
  boolean named() {
    return !tenant.isUnnamed(this);
  }

  boolean isEmpty() {
    return only == null && (several == null || several.heap.isEmpty());
  }

  /** How many leaves something waits in. */
  int leafCount() {
    return several == null ? only == null ? 0 : 1 : several.heap.size();
  }

  /** The leaf with the best item; there must be one. */
  Leaf first() {
    Leaf leaf = only;
    if (leaf != null) {
      return leaf;
    }
    if (several == null) {
      throw new IllegalStateException("nothing waits in the flow");
    }
    return several.heap.first();
  }

  /** The leaves by their best items, once there were several. */
  @Nullable LeafHeap several() {
    return several == null ? null : several.heap;
  }

  /** Where items for a destination wait, or would; {@link #entered} follows if it was empty. */
  Leaf leafFor(@Nullable Destination destination, RankOrder order) {
    if (destination == null) {
      if (plain == null) {
        plain = new Leaf(order, this, null);
      }
      return plain;
    }
    Leaf leaf =
        several != null
            ? several.byDestination.get(destination)
            : only != null && only.destination() == destination ? only : null;
    return leaf == null ? new Leaf(order, this, destination) : leaf;
  }

  /** A leaf has its first item. */
  void entered(Leaf leaf, RankOrder order) {
    if (several == null && only == null) {
      only = leaf;
      return;
    }
    if (several == null) {
      several = new Several(order);
    }
    if (only != null) {
      several.add(only);
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
    if (several == null) {
      only = null;
    } else {
      several.heap.remove(leaf);
    }
    Destination destination = leaf.destination();
    if (destination == null) {
      leaf.trim();
    } else {
      if (several != null) {
        several.byDestination.remove(destination);
      }
      table.delist(leaf.number());
    }
  }

  @Override
  long headCharge() {
    Leaf leaf = first();
    return Math.max(1, leaf.headItem().sizeBytes());
  }
}
