package dev.stowage.propagation;

import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;

/**
 * The decision for one node, with delay and path latency in nanoseconds ({@code Long.MAX_VALUE} if
 * the node cannot be reached); ordered by urgency, delay, path and id.
 */
public record PropagationDecision(
    @Declare(name = "node", subject = true) NodeId target,
    PropagationReason reason,
    PropagationPriority priority,
    long delayNanos,
    int quality,
    long pathLatencyNanos)
    implements Comparable<PropagationDecision> {
  /** The worst quality; 0 is best. */
  public static final int WORST_QUALITY = 3;

  static final Shape<PropagationDecision> SHAPE =
      Shape.derived("propagation_decision", PropagationDecision.class);

  /** Reports whether the update is sent. */
  public boolean shouldSend() {
    return reason == PropagationReason.SENT;
  }

  @Override
  public int compareTo(PropagationDecision other) {
    int order = other.priority.compareTo(priority);
    if (order == 0) {
      order = Long.compare(delayNanos, other.delayNanos);
    }
    if (order == 0) {
      order = Long.compare(pathLatencyNanos, other.pathLatencyNanos);
    }
    return order == 0 ? target.compareTo(other.target) : order;
  }

  /** The urgency of a delivery, ascending. */
  public enum PropagationPriority {
    /** Sent when idle; dropped if the wait would be too long. */
    BACKGROUND,
    /** Sent in order. */
    NORMAL,
    /** Sent soon. */
    HIGH,
    /** Sent at once; may borrow from the budget. */
    URGENT;

    private static final PropagationPriority[] ALL = values();

    /** Returns this urgency of interest, moved by an update's distance from {@link #NORMAL}. */
    public PropagationPriority movedBy(PropagationPriority update) {
      int moved = ordinal() + update.ordinal() - NORMAL.ordinal();
      return ALL[Math.max(0, Math.min(URGENT.ordinal(), moved))];
    }
  }

  /** The reason why an update is sent or not. */
  public enum PropagationReason {
    /** The update is sent. */
    SENT,
    /** The node is the source of the update. */
    SOURCE,
    /** No active link leads to the node. */
    UNREACHABLE,
    /** The node wants major updates only. */
    NOT_MAJOR,
    /** A newer update of the state replaced this one. */
    SUPERSEDED,
    /** The wait for the node's budget would be too long. */
    BUDGET
  }
}
