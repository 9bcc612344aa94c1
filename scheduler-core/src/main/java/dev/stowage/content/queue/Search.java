package dev.stowage.content.queue;

import dev.stowage.columns.OrderHeap;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ScheduleReason;
import dev.stowage.pressure.PressureBand;
import java.util.Arrays;
import java.util.Comparator;

/** Finds the next item and the reason, without changing the queue. */
public final class Search {
  private static final int NONE = ItemTable.NONE;

  private final Backlog backlog;
  private final Pacer pacer;
  private final ItemTable table;
  private final boolean fair;
  private final Alternatives alternatives = new Alternatives();
  private Leaf[] leaves = {};

  private long now;
  private long dueBy;
  private PressureBand band = PressureBand.NORMAL;
  private boolean byRescue;
  private boolean inTurn;

  public Search(Backlog backlog, boolean fair) {
    this.backlog = backlog;
    this.pacer = backlog.pacer;
    this.table = backlog.table;
    this.fair = fair;
  }

  public boolean inTurn() {
    return inTurn;
  }

  public boolean byRescue() {
    return byRescue;
  }

  public Alternatives alternatives() {
    return alternatives;
  }

  /** Returns the slot of the next item, or -1. */
  public int find(
      PressureBand inForce,
      long nowNanos,
      long dueByNanos,
      long overdueBefore,
      boolean isRescueDue) {
    band = inForce;
    now = nowNanos;
    dueBy = dueByNanos;
    byRescue = false;
    inTurn = false;
    int free = backlog.freeBits(band);
    pacer.beginSearch(free, backlog.controlBit(), overdueBefore, backlog.hasSpare());
    int found = isRescueDue ? pacer.oldestOverdue(now) : NONE;
    if (found != NONE) {
      byRescue = true;
      return found;
    }
    while (free != 0 && found == NONE) {
      found = findIn(backlog.inOrder[Integer.numberOfTrailingZeros(free)]);
      free &= free - 1;
    }
    return found;
  }

  public ClassQueue highestWaiting() {
    int ready = backlog.readyBits();
    return backlog.inOrder[ready == 0 ? 0 : Integer.numberOfTrailingZeros(ready)];
  }

  /** Requires that the item has left its queue. */
  public ScheduleReason explain(int slot, ContentItem item, long chosenDeadline) {
    alternatives.begin();
    int free = backlog.freeBits(band);
    while (free != 0 && !alternatives.isFull()) {
      alternatives.collect(backlog.inOrder[Integer.numberOfTrailingZeros(free)], table, dueBy);
      free &= free - 1;
    }
    if (byRescue) {
      return ScheduleReason.AGING;
    }
    if (pacer.refused()) {
      return ScheduleReason.PACING;
    }
    return alternatives.count() == 0
        ? ScheduleReason.PRIORITY_CLASS
        : reasonOver(alternatives.slot(0), slot, item, chosenDeadline);
  }

  private ScheduleReason reasonOver(int next, int chosen, ContentItem item, long chosenDeadline) {
    ContentItem other = table.item(next);
    if (other.priorityClass() != item.priorityClass()) {
      return ScheduleReason.PRIORITY_CLASS;
    }
    ClassQueue queue = backlog.queueOf(item.priorityClass());
    if (chosenDeadline <= dueBy) {
      boolean nextIsDue = queue.deadlines.contains(next);
      long nextDeadline = nextIsDue ? other.details().deadlineOrNever() : Long.MAX_VALUE;
      if (!nextIsDue || nextDeadline > dueBy || chosenDeadline < nextDeadline) {
        return ScheduleReason.DEADLINE;
      }
    }
    if (queue.order.before(next, chosen)) {
      return ScheduleReason.STREAM_FAIRNESS;
    }
    if (queue.order.isBySize(chosen, next) && item.sizeBytes() != other.sizeBytes()) {
      return ScheduleReason.PRESSURE_SIZE;
    }
    return reasonByRank(next, chosen, item, other);
  }

  private ScheduleReason reasonByRank(int next, int chosen, ContentItem item, ContentItem other) {
    double merit = table.merit(chosen);
    double otherMerit = table.merit(next);
    double efficiency = item.efficiency();
    double otherEfficiency = other.efficiency();
    boolean sameTie = table.tie(chosen) == table.tie(next);
    if (Double.compare(merit, otherMerit) != 0 || !sameTie) {
      boolean plain =
          sameTie
              && Double.compare(merit, efficiency) == 0
              && Double.compare(otherMerit, otherEfficiency) == 0;
      return plain ? ScheduleReason.EFFICIENCY_OPTIMAL : ScheduleReason.POLICY_ORDER;
    }
    if (Double.compare(efficiency, otherEfficiency) != 0) {
      return ScheduleReason.EFFICIENCY_OPTIMAL;
    }
    return table.generation(chosen) != table.generation(next)
        ? ScheduleReason.FIFO_ORDER
        : ScheduleReason.DETERMINISTIC_TIE_BREAK;
  }

  private int findIn(ClassQueue queue) {
    int due = findDue(queue);
    if (due != NONE) {
      return due;
    }
    if (!fair) {
      int best = queue.best.first().head();
      return lets(best) ? best : findInLeaves(queue.best);
    }
    FlowQueue flow = firstFlow((TenantQueue) queue.tenants.first());
    int first = flow.first().head();
    if (lets(first)) {
      inTurn = true;
      return first;
    }
    return findByTurns(queue);
  }

  private static FlowQueue firstFlow(TenantQueue tenant) {
    return (FlowQueue) tenant.flows.first();
  }

  private int findDue(ClassQueue queue) {
    OrderHeap deadlines = queue.deadlines;
    if (deadlines.isEmpty() || deadlineOf(deadlines.first()) > dueBy) {
      return NONE;
    }
    if (lets(deadlines.first())) {
      return deadlines.first();
    }
    // The remaining due items in order; only while permits are missing.
    int[] due = new int[deadlines.size()];
    int count = 0;
    for (int i = 0; i < due.length; i++) {
      if (deadlineOf(deadlines.slotAt(i)) <= dueBy) {
        due[count++] = deadlines.slotAt(i);
      }
    }
    Integer[] sorted = new Integer[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = due[i];
    }
    Arrays.sort(sorted, (a, b) -> a.equals(b) ? 0 : deadlines.before(a, b) ? -1 : 1);
    for (int i = 1; i < count; i++) {
      if (lets(sorted[i])) {
        return sorted[i];
      }
    }
    return NONE;
  }

  private int findByTurns(ClassQueue queue) {
    queue.tenants.beginTurns();
    for (Turn t = queue.tenants.nextTurn(); t != null; t = queue.tenants.nextTurn()) {
      TurnRing ring = ((TenantQueue) t).flows;
      ring.beginTurns();
      for (Turn f = ring.nextTurn(); f != null; f = ring.nextTurn()) {
        int found = findInFlow((FlowQueue) f);
        if (found != NONE) {
          inTurn = true;
          return found;
        }
      }
    }
    return NONE;
  }

  private int findInFlow(FlowQueue flow) {
    LeafHeap several = flow.several();
    if (several != null) {
      return findInLeaves(several);
    }
    int head = flow.first().head();
    return lets(head) ? head : NONE;
  }

  private int findInLeaves(LeafHeap heap) {
    int count = heap.size();
    if (count > leaves.length) {
      leaves = new Leaf[count + (count >> 1)];
    }
    for (int i = 0; i < count; i++) {
      leaves[i] = heap.leafAt(i);
    }
    RankOrder order = backlog.inOrder[0].order;
    Comparator<Leaf> bestFirst = (a, b) -> a == b ? 0 : order.before(a.head(), b.head()) ? -1 : 1;
    Arrays.sort(leaves, 0, count, bestFirst);
    int found = NONE;
    for (int i = 0; i < count && found == NONE; i++) {
      int head = leaves[i].head();
      found = lets(head) ? head : NONE;
    }
    Arrays.fill(leaves, 0, count, null);
    return found;
  }

  private boolean lets(int slot) {
    return pacer.lets(slot, now);
  }

  private long deadlineOf(int slot) {
    return table.item(slot).details().deadlineOrNever();
  }
}
