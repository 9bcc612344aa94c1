package dev.stowage.content;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one class and could go: by tenant, flow, destination and rank; by deadline; and in
 * the order of arrival. Every change costs a logarithm of what waits.
 */
final class ClassQueue {
  private static final int NONE = ItemTable.NONE;

  final PriorityClass priorityClass;
  final RankOrder order;

  /** Its bit among the classes in order. */
  int bit;

  /** Every leaf of the class, best first. */
  final LeafHeap best;

  /** Those whose deadline still counts, earliest first. */
  final SlotHeap deadlines;

  /** Who shares. Empty where nobody does. */
  final TurnRing tenants;

  private final ItemTable table;
  private final boolean fair;
  private final long quantumBytes;
  private final TenantQueue nobody;
  private final Map<String, TenantQueue> named = new HashMap<>();
  private final ArrayDeque<FlowQueue> unused = new ArrayDeque<>();
  private int oldest = NONE;
  private int newest = NONE;
  private int items;
  private int flowCount;
  private @Nullable FlowQueue newestFlow;

  ClassQueue(
      PriorityClass priorityClass,
      ItemTable table,
      IntColumn deadlineAt,
      boolean fair,
      long quantumBytes) {
    this.priorityClass = priorityClass;
    this.table = table;
    this.fair = fair;
    this.quantumBytes = quantumBytes;
    this.order = new RankOrder(table);
    this.best = new LeafHeap(order, true);
    this.deadlines = new SlotHeap(new DeadlineOrder(table, order), deadlineAt);
    this.tenants = new TurnRing(quantumBytes);
    this.nobody = new TenantQueue("", quantumBytes);
  }

  boolean isEmpty() {
    return items == 0;
  }

  int items() {
    return items;
  }

  int flowCount() {
    return flowCount;
  }

  /** The item that waits longest. */
  int oldest() {
    return oldest;
  }

  /** Chooses between the two orders of a class; a change sorts everything again, once. */
  void smallFirst(boolean small) {
    if (order.smallFirst() == small) {
      return;
    }
    order.smallFirst(small);
    for (int i = 0; i < best.size(); i++) {
      best.leafAt(i).reorder();
    }
    best.reorder();
    deadlines.reorder();
    for (int i = 0; i < best.size(); i++) {
      FlowQueue flow = best.leafAt(i).flow;
      flow.leaves.reorder();
      headChanged(flow);
    }
  }

  /** Queues an item that stands in a slot. */
  void add(int slot, ContentItem item, @Nullable Destination destination) {
    FlowQueue flow = flowOf(item.flow());
    Leaf leaf = flow.leafFor(destination);
    boolean isNew = leaf.isEmpty();
    leaf.add(slot);
    boolean leads = leaf.head() == slot;
    if (isNew) {
      best.add(leaf);
      flow.leaves.add(leaf);
    } else if (leads) {
      best.changed(leaf);
      flow.leaves.changed(leaf);
    }
    if (fair && isNew && flow.leaves.size() == 1) {
      joined(flow, item.flow());
    } else if (leads) {
      headChanged(flow);
    }
    if (item.details().hasDeadline()) {
      deadlines.add(slot);
    }
    append(slot);
    items++;
  }

  /** An item goes out in its flow's turn or out of turn; the flow pays, and the item is gone. */
  void send(int slot, ContentItem item, boolean inTurn) {
    long charge = Math.max(1, item.sizeBytes());
    FlowQueue flow = table.leaf(slot).flow;
    flow.sentBytes += item.sizeBytes();
    if (fair && inTurn) {
      tenants.payInTurn(flow.tenant, charge);
      flow.tenant.flows.payInTurn(flow, charge);
    } else if (fair) {
      tenants.payOutOfTurn(flow.tenant, charge);
      flow.tenant.flows.payOutOfTurn(flow, charge);
    }
    remove(slot);
  }

  /** Takes an item out. */
  void remove(int slot) {
    Leaf leaf = table.leaf(slot);
    FlowQueue flow = leaf.flow;
    leaf.remove(slot);
    if (leaf.isEmpty()) {
      best.remove(leaf);
      flow.leaves.remove(leaf);
      flow.drop(leaf);
    } else {
      best.changed(leaf);
      flow.leaves.changed(leaf);
    }
    if (flow.leaves.isEmpty()) {
      left(flow);
    } else {
      headChanged(flow);
    }
    if (deadlines.contains(slot)) {
      deadlines.remove(slot);
    }
    unlink(slot);
    items--;
  }

  /** The flow, if anything of it waits here. */
  @Nullable FlowQueue find(Flow flow) {
    String tenant = flow.tenant().name();
    TenantQueue owner = tenant.isEmpty() ? nobody : named.get(tenant);
    return owner == null ? null : owner.find(flow);
  }

  /** The flow that began last; from it {@code previousInClass} leads to the older ones. */
  @Nullable FlowQueue newestFlow() {
    return newestFlow;
  }

  private FlowQueue flowOf(Flow flow) {
    String name = flow.tenant().name();
    TenantQueue tenant = name.isEmpty() ? nobody : named.get(name);
    if (tenant == null) {
      tenant = new TenantQueue(name, quantumBytes);
      named.put(name, tenant);
    }
    FlowQueue queue = tenant.find(flow);
    if (queue != null) {
      return queue;
    }
    queue = unused.poll();
    if (queue == null) {
      queue = new FlowQueue(table, order, tenant);
    }
    queue.begin(tenant, flow);
    tenant.add(queue);
    queue.previousInClass = newestFlow;
    queue.nextInClass = null;
    if (newestFlow != null) {
      newestFlow.nextInClass = queue;
    }
    newestFlow = queue;
    flowCount++;
    return queue;
  }

  private void joined(FlowQueue flow, Flow as) {
    TenantQueue tenant = flow.tenant;
    boolean alone = tenant.flows.isEmpty();
    tenant.flows.join(flow, as.weight(), as.sharing());
    if (alone) {
      tenants.join(tenant, as.tenant().weight(), Flow.Sharing.FAIR);
    } else {
      tenants.changed(tenant);
    }
  }

  private void headChanged(FlowQueue flow) {
    if (fair) {
      flow.tenant.flows.changed(flow);
      tenants.changed(flow.tenant);
    }
  }

  private void left(FlowQueue flow) {
    TenantQueue tenant = flow.tenant;
    tenant.remove(flow);
    if (fair) {
      tenant.flows.leave(flow);
      if (tenant.flows.isEmpty()) {
        tenants.leave(tenant);
      } else {
        tenants.changed(tenant);
      }
    }
    if (tenant != nobody && tenant.isEmpty()) {
      named.remove(tenant.name);
    }
    if (flow.nextInClass == null) {
      newestFlow = flow.previousInClass;
    } else {
      flow.nextInClass.previousInClass = flow.previousInClass;
    }
    if (flow.previousInClass != null) {
      flow.previousInClass.nextInClass = flow.nextInClass;
    }
    flow.previousInClass = null;
    flow.nextInClass = null;
    flowCount--;
    unused.push(flow);
  }

  private void append(int slot) {
    table.previous(slot, newest);
    table.next(slot, NONE);
    if (newest == NONE) {
      oldest = slot;
    } else {
      table.next(newest, slot);
    }
    newest = slot;
  }

  private void unlink(int slot) {
    int before = table.previous(slot);
    int after = table.next(slot);
    if (before == NONE) {
      oldest = after;
    } else {
      table.next(before, after);
    }
    if (after == NONE) {
      newest = before;
    } else {
      table.previous(after, before);
    }
  }
}
