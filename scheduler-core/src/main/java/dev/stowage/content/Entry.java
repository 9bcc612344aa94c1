package dev.stowage.content;

import dev.stowage.content.ContentScheduler.CancelToken;
import dev.stowage.content.Decision.StreamAssignment;
import dev.stowage.content.Pacer.Destination;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** An item with what its queue knows of it. */
final class Entry {
  static final Comparator<Entry> BY_ID = (a, b) -> Long.compareUnsigned(a.item.id(), b.item.id());

  /** The oldest first; generations follow the starts of waits. */
  static final Comparator<Entry> BY_AGE =
      (a, b) ->
          a.generation == b.generation
              ? BY_ID.compare(a, b)
              : Long.compare(a.generation, b.generation);

  /** The stage of an item. */
  enum Stage {
    READY,
    BACKOFF,
    NO_LANE,
    IN_FLIGHT,
    CANCELLED
  }

  final Destination to;
  ContentItem item;
  double merit;
  long tie;
  Stage stage = Stage.READY;
  long generation;

  /** The time since which the item waits, or in backoff the time until which. */
  long sinceNanos;

  int failures;

  /** Reports whether the deadline still counts. */
  boolean isExpiring;

  /** The flow of a ready item. */
  ClassQueue.@Nullable FlowQueue flow;

  @Nullable StreamAssignment lane;
  private @Nullable CancelToken token;

  Entry(ContentItem item, Destination to, Rank rank) {
    this.item = item;
    this.to = to;
    become(item, rank);
  }

  /** The rank that the policy gave to an item. */
  record Rank(double merit, long tie) {}

  /** Takes another class, utility and deadline. */
  void become(ContentItem changed, Rank rank) {
    item = changed;
    merit = rank.merit();
    tie = rank.tie();
    isExpiring = changed.details().hasDeadline();
  }

  /** Returns the token of the item, which shows its cancellation. */
  CancelToken token() {
    CancelToken shown = token;
    if (shown == null) {
      shown = new CancelToken(stage == Stage.CANCELLED);
      token = shown;
    }
    return shown;
  }

  boolean isWaiting() {
    return stage != Stage.IN_FLIGHT && stage != Stage.CANCELLED;
  }

  long deadlineNanos() {
    return item.details().deadlineOrNever();
  }

  boolean isDue(long dueByNanos) {
    return isExpiring && deadlineNanos() <= dueByNanos;
  }

  /** Returns the bytes that a flow pays for the item: at least 1, so that none is free. */
  long charge() {
    return Math.max(1, item.sizeBytes());
  }

  boolean isByEfficiency() {
    return merit == item.efficiency();
  }

  /** Reports whether no size outweighs the merit. */
  boolean isUrgent() {
    return merit >= SelectionPolicy.URGENT_MERIT && merit != Double.POSITIVE_INFINITY;
  }
}
