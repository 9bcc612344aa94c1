package dev.stowage.content.queue;

import dev.stowage.columns.IntList;
import dev.stowage.columns.IntOrder;
import dev.stowage.columns.OrderHeap;
import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import org.jspecify.annotations.Nullable;

/** Finds victims among ready items: lowest class, then least efficient, then newest. */
public final class Shedder {
  private final QueueLimits limits;
  private final Backlog backlog;
  private final SparseColumn at = new SparseColumn();
  private final @Nullable OrderHeap[] worstFirst = new OrderHeap[PriorityClass.values().length];
  private final IntList victims = new IntList();

  private long freed;

  Shedder(QueueLimits limits, Backlog backlog) {
    this.limits = limits;
    this.backlog = backlog;
  }

  void added(int slot, ContentItem item) {
    OrderHeap heap = worstFirst[item.priorityClass().rank()];
    if (heap != null) {
      heap.add(slot);
    }
  }

  void removed(int slot, ContentItem item) {
    OrderHeap heap = worstFirst[item.priorityClass().rank()];
    if (heap != null && heap.contains(slot)) {
      heap.remove(slot);
    }
  }

  public int victimCount() {
    return victims.size();
  }

  public int victim(int i) {
    return victims.get(i);
  }

  public boolean findRoom(ContentItem coming) {
    victims.truncate(0);
    freed = 0;
    if (fits(coming) && fitsClass(coming)) {
      return true;
    }
    boolean found =
        limits.overflow() == QueueLimits.Overflow.SHED
            && makeRoomInClass(coming)
            && makeRoomInAll(coming);
    for (int i = 0; i < victims.size(); i++) {
      int victim = victims.get(i);
      heapOf(backlog.queueOf(backlog.table.item(victim).priorityClass())).add(victim);
    }
    if (!found) {
      victims.truncate(0);
    }
    return found;
  }

  public boolean hasRoomInClass(ContentItem coming) {
    victims.truncate(0);
    freed = 0;
    return fitsClass(coming);
  }

  private boolean makeRoomInClass(ContentItem coming) {
    ClassQueue own = backlog.queueOf(coming.priorityClass());
    while (!fitsClass(coming)) {
      if (!takeBelow(own, coming)) {
        return false;
      }
    }
    return true;
  }

  private boolean makeRoomInAll(ContentItem coming) {
    while (!fits(coming)) {
      if (!takeLowest(coming)) {
        return false;
      }
    }
    return true;
  }

  private boolean takeLowest(ContentItem coming) {
    for (int i = backlog.inOrder.length - 1; i >= 0; i--) {
      ClassQueue queue = backlog.inOrder[i];
      if (queue.priorityClass == coming.priorityClass()) {
        return takeBelow(queue, coming);
      }
      if (!queue.isEmpty() && !heapOf(queue).isEmpty()) {
        take(heapOf(queue));
        return true;
      }
    }
    return false;
  }

  private boolean takeBelow(ClassQueue own, ContentItem coming) {
    if (own.isEmpty() || heapOf(own).isEmpty()) {
      return false;
    }
    OrderHeap heap = heapOf(own);
    if (backlog.table.item(heap.first()).efficiency() >= coming.efficiency()) {
      return false;
    }
    take(heap);
    return true;
  }

  private void take(OrderHeap heap) {
    int slot = heap.first();
    heap.remove(slot);
    victims.add(slot);
    freed += backlog.table.item(slot).sizeBytes();
  }

  private OrderHeap heapOf(ClassQueue queue) {
    int rank = queue.priorityClass.rank();
    OrderHeap heap = worstFirst[rank];
    if (heap == null) {
      heap = new OrderHeap(new WorstFirst(backlog.table), at);
      queue.forEach(heap::add);
      worstFirst[rank] = heap;
    }
    return heap;
  }

  private boolean fits(ContentItem coming) {
    return backlog.items() - victims.size() < limits.maxItems()
        && backlog.bytes() - freed <= limits.maxBytes() - coming.sizeBytes();
  }

  /** Counts victims of the item's own class only, so it is valid until others are taken. */
  private boolean fitsClass(ContentItem coming) {
    PriorityClass own = coming.priorityClass();
    return backlog.items(own) - victims.size() < limits.maxItemsPerClass()
        && backlog.bytes(own) - freed <= limits.maxBytesPerClass() - coming.sizeBytes();
  }

  private record WorstFirst(ItemTable table) implements IntOrder {
    @Override
    public boolean before(int a, int b) {
      int byEfficiency = Double.compare(table.item(a).efficiency(), table.item(b).efficiency());
      if (byEfficiency != 0) {
        return byEfficiency < 0;
      }
      int byAge = Long.compare(table.generation(a), table.generation(b));
      return byAge != 0 ? byAge > 0 : Long.compareUnsigned(table.idOf(a), table.idOf(b)) > 0;
    }
  }
}
