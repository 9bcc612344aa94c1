package dev.stowage.content;

import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Entry.Stage;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision: the item that goes, the reason for it, and the items that would go next. */
final class Choice {
  private static final int MOST_OTHERS = 3;

  private final Backlog backlog;
  private final PressureBand band;
  private final long dueByNanos;
  private final Pacer.Search permits;
  private final List<Entry> others = new ArrayList<>(MOST_OTHERS);
  private boolean isRescue;

  Choice(Backlog backlog, PressureBand band, long dueByNanos) {
    this.backlog = backlog;
    this.band = band;
    this.dueByNanos = dueByNanos;
    permits = backlog.pacer.new Search(backlog.nowNanos, backlog.hasSpare());
  }

  /** Finds the item that goes; null if none may. */
  @Nullable Entry find(boolean isRescueDue, Fairness fairness) {
    for (Entry overdue : isRescueDue ? backlog.overdue(band) : List.<Entry>of()) {
      if (permits.lets(overdue)) {
        isRescue = true;
        return overdue;
      }
    }
    for (ClassQueue queue : backlog.inOrder) {
      Entry found = queue.isHeld(band) ? null : findIn(queue, fairness);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable Entry findIn(ClassQueue queue, Fairness fairness) {
    for (Entry due : queue.deadlines) {
      if (due.deadlineNanos() > dueByNanos) {
        break;
      }
      if (due.stage == Stage.READY && permits.lets(due)) {
        return due;
      }
    }
    return fairness == Fairness.OFF ? queue.best(permits::lets) : queue.nextInTurn(permits::lets);
  }

  boolean isRescue() {
    return isRescue;
  }

  /** Returns the nanoseconds after a refusal; {@link Long#MAX_VALUE} if only an end makes room. */
  long leastWait() {
    return permits.leastWait();
  }

  /** Returns the best of the items that stayed and are not held back, up to three. */
  List<Entry> others() {
    return others;
  }

  /** Returns the reason for an item, which must have left its class. */
  ScheduleReason explain(Entry chosen) {
    for (ClassQueue queue : backlog.inOrder) {
      if (!queue.isHeld(band)) {
        collect(queue);
      }
    }
    if (isRescue) {
      return ScheduleReason.AGING;
    }
    if (permits.isRefused()) {
      return ScheduleReason.PACING;
    }
    return others.isEmpty() ? ScheduleReason.PRIORITY_CLASS : reasonOver(others.get(0), chosen);
  }

  private void collect(ClassQueue queue) {
    for (Entry due : queue.deadlines) {
      if (others.size() == MOST_OTHERS || due.deadlineNanos() > dueByNanos) {
        break;
      }
      if (due.stage == Stage.READY) {
        others.add(due);
      }
    }
    int from = others.size();
    if (from == MOST_OTHERS) {
      return;
    }
    for (ClassQueue.FlowQueue flow : queue.flows) {
      for (Entry each : flow.items) {
        if (!each.isDue(dueByNanos) && !keep(each, queue, from)) {
          if (each == flow.best) {
            return;
          }
          break;
        }
      }
    }
  }

  /** Keeps an item if it is among the best so far. */
  private boolean keep(Entry entry, ClassQueue queue, int from) {
    int at = others.size();
    while (at > from && queue.compare(entry, others.get(at - 1)) < 0) {
      at--;
    }
    if (at == MOST_OTHERS) {
      return false;
    }
    if (others.size() == MOST_OTHERS) {
      others.remove(MOST_OTHERS - 1);
    }
    others.add(at, entry);
    return true;
  }

  private ScheduleReason reasonOver(Entry next, Entry chosen) {
    ClassQueue queue = backlog.queueOf(chosen.item);
    if (next.item.priorityClass() != chosen.item.priorityClass()) {
      return ScheduleReason.PRIORITY_CLASS;
    }
    boolean isNextLater = !next.isDue(dueByNanos) || chosen.deadlineNanos() < next.deadlineNanos();
    if (chosen.isDue(dueByNanos) && isNextLater) {
      return ScheduleReason.DEADLINE;
    }
    if (queue.compare(next, chosen) < 0) {
      return ScheduleReason.STREAM_FAIRNESS;
    }
    if (queue.isBySize(chosen, next) && chosen.item.sizeBytes() != next.item.sizeBytes()) {
      return ScheduleReason.PRESSURE_SIZE;
    }
    boolean isTie = chosen.tie == next.tie;
    if (chosen.merit != next.merit || !isTie) {
      return isTie && chosen.isByEfficiency() && next.isByEfficiency()
          ? ScheduleReason.EFFICIENCY_OPTIMAL
          : ScheduleReason.POLICY_ORDER;
    }
    if (chosen.item.efficiency() != next.item.efficiency()) {
      return ScheduleReason.EFFICIENCY_OPTIMAL;
    }
    return chosen.generation != next.generation
        ? ScheduleReason.FIFO_ORDER
        : ScheduleReason.DETERMINISTIC_TIE_BREAK;
  }
}
