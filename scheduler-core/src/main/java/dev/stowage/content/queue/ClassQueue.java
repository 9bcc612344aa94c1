package dev.stowage.content.queue;

import dev.stowage.columns.OrderHeap;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.content.ContentItem;
import dev.stowage.content.Flow;
import dev.stowage.content.PriorityClass;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ready items of one class by tenant, flow, destination and rank, and by deadline. */
public final class ClassQueue {
  public final PriorityClass priorityClass;

  final RankOrder order;

  int bit;

  final LeafHeap best;

  public final OrderHeap deadlines;

  final TurnRing tenants;

  private final ItemTable table;
  private final Pacer pacer;
  private final boolean fair;
  private final Supplier<TurnRing> rings;
  private @Nullable TenantQueue nobody;
  private @Nullable Map<String, TenantQueue> named;

  private @Nullable FlowQueue unused;

  private int items;
  private int flowCount;
  private @Nullable FlowQueue newestFlow;

  ClassQueue(
      PriorityClass priorityClass,
      RankOrder order,
      OrderHeap deadlines,
      Pacer pacer,
      boolean fair,
      Supplier<TurnRing> rings) {
    this.priorityClass = priorityClass;
    this.table = order.table();
    this.pacer = pacer;
    this.fair = fair;
    this.rings = rings;
    this.order = order;
    this.best = new LeafHeap(order, true);
    this.deadlines = deadlines;
    this.tenants = rings.get();
  }

  boolean isEmpty() {
    return items == 0;
  }

  public int items() {
    return items;
  }

  public int flowCount() {
    return flowCount;
  }

  void reorder() {
    for (int i = 0; i < best.size(); i++) {
      best.leafAt(i).reorder();
    }
    best.reorder();
    deadlines.reorder();
    for (int i = 0; i < best.size(); i++) {
      FlowQueue flow = best.leafAt(i).flow;
      flow.reorder();
      headChanged(flow);
    }
  }

  void add(int slot, ContentItem item, @Nullable Destination destination, boolean isNewest) {
    FlowQueue flow = flowOf(item.flow());
    Leaf leaf = flow.leafFor(destination, order);
    boolean isNew = leaf.isEmpty();
    boolean isFirst = isNew && flow.isEmpty();
    leaf.add(slot, isNewest);
    boolean leads = leaf.head() == slot;
    if (isNew) {
      best.add(leaf);
      flow.entered(leaf, order);
    } else if (leads) {
      best.changed(leaf);
      flow.changed(leaf);
    }
    if (fair && isFirst) {
      joined(flow, item.flow());
    } else if (leads) {
      headChanged(flow);
    }
    if (item.details().hasDeadline()) {
      deadlines.add(slot);
    }
    pacer.ready(slot, destination, Integer.numberOfTrailingZeros(bit));
    items++;
  }

  void send(int slot, ContentItem item, boolean inTurn) {
    long charge = Math.max(1, item.sizeBytes());
    FlowQueue flow = table.leaf(slot).flow;
    flow.sentBytes = SaturatedSum.of(flow.sentBytes, item.sizeBytes());
    if (fair && inTurn) {
      tenants.payInTurn(flow.tenant, charge);
      flow.tenant.flows.payInTurn(flow, charge);
    } else if (fair) {
      tenants.payOutOfTurn(flow.tenant, charge);
      flow.tenant.flows.payOutOfTurn(flow, charge);
    }
    remove(slot, true);
  }

  void remove(int slot) {
    remove(slot, false);
  }

  private void remove(int slot, boolean paid) {
    Leaf leaf = table.leaf(slot);
    FlowQueue flow = leaf.flow;
    pacer.unready(slot, leaf.destination(), Integer.numberOfTrailingZeros(bit));
    boolean led = leaf.head() == slot;
    leaf.remove(slot);
    if (leaf.isEmpty()) {
      best.remove(leaf);
      flow.emptied(leaf, table);
    } else if (led) {
      best.changed(leaf);
      flow.changed(leaf);
    }
    if (flow.isEmpty()) {
      left(flow);
    } else if (led || paid) {
      headChanged(flow);
    }
    if (deadlines.contains(slot)) {
      deadlines.remove(slot);
    }
    items--;
  }

  @Nullable
  public FlowQueue newestFlow() {
    return newestFlow;
  }

  void forEach(IntConsumer each) {
    for (int i = 0; i < best.size(); i++) {
      for (int slot : best.leafAt(i).slots()) {
        each.accept(slot);
      }
    }
  }

  void slotsOf(Flow flow, IntConsumer each) {
    String name = flow.tenant().name();
    TenantQueue tenant = name.isEmpty() ? nobody : named == null ? null : named.get(name);
    FlowQueue queue = tenant == null ? null : tenant.find(flow);
    if (queue == null) {
      return;
    }
    LeafHeap several = queue.several();
    for (int i = 0; i < (several == null ? 1 : several.size()); i++) {
      Leaf leaf = several == null ? queue.first() : several.leafAt(i);
      for (int slot : leaf.slots()) {
        each.accept(slot);
      }
    }
  }

  private FlowQueue flowOf(Flow flow) {
    TenantQueue tenant = tenantOf(flow.tenant().name());
    FlowQueue queue = tenant.find(flow);
    if (queue != null) {
      return queue;
    }
    queue = unused;
    if (queue == null) {
      queue = new FlowQueue(tenant);
    } else {
      unused = queue.next;
    }
    queue.begin(tenant, flow);
    tenant.add(queue, flow.named());
    queue.previousInClass = newestFlow;
    queue.next = null;
    if (newestFlow != null) {
      newestFlow.next = queue;
    }
    newestFlow = queue;
    flowCount++;
    return queue;
  }

  private TenantQueue tenantOf(String name) {
    TenantQueue tenant = name.isEmpty() ? nobody : named == null ? null : named.get(name);
    if (tenant != null) {
      return tenant;
    }
    tenant = new TenantQueue(name, rings.get());
    if (name.isEmpty()) {
      nobody = tenant;
    } else {
      named = named == null ? new HashMap<>() : named;
      named.put(name, tenant);
    }
    return tenant;
  }

  private void joined(FlowQueue flow, Flow as) {
    TenantQueue tenant = flow.tenant;
    boolean alone = tenant.flows.isEmpty();
    tenant.flows.join(flow, as.weight());
    if (alone) {
      tenants.join(tenant, as.tenant().weight());
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
    if (named != null && tenant != nobody && tenant.isEmpty()) {
      named.remove(tenant.name);
    }
    if (flow.next == null) {
      newestFlow = flow.previousInClass;
    } else {
      flow.next.previousInClass = flow.previousInClass;
    }
    if (flow.previousInClass != null) {
      flow.previousInClass.next = flow.next;
    }
    flow.previousInClass = null;
    flow.next = unused;
    unused = flow;
    flowCount--;
  }
}
