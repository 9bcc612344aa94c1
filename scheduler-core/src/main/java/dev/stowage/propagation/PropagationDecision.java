package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * What one node is to hear of an update. The natural order is that of sending: the more urgent
 * first, then the shorter delay, the shorter path, the smaller id.
 *
 * @param target the node
 * @param reason {@link PropagationReason#SENT}, or why not
 * @param priority how urgent it is for the node
 * @param delayNanos how long it waits, as far as is known now
 * @param quality how full it is: 0 best, {@value #WORST_QUALITY} worst
 * @param pathLatencyNanos how long it is on its way; the greatest long if there is none
 */
public record PropagationDecision(
    NodeId target,
    PropagationReason reason,
    PropagationPriority priority,
    long delayNanos,
    int quality,
    long pathLatencyNanos)
    implements Comparable<PropagationDecision> {
  /** The worst quality. */
  public static final int WORST_QUALITY = 3;

  static final Shape<PropagationDecision> SHAPE =
      Shape.of(
          "propagation_decision",
          row -> {
            var node = row.value("node", PropagationDecision::target, NodeId.FORM).subject();
            var reason = row.oneOf("reason", PropagationReason.class, PropagationDecision::reason);
            var priority =
                row.oneOf("priority", PropagationPriority.class, PropagationDecision::priority);
            var delay = row.number("delay_nanos", PropagationDecision::delayNanos);
            var quality = row.number("quality", PropagationDecision::quality).narrow();
            var path = row.number("path_latency_nanos", PropagationDecision::pathLatencyNanos);
            return v ->
                new PropagationDecision(
                    node.of(v),
                    reason.of(v),
                    priority.of(v),
                    delay.of(v),
                    quality.intOf(v),
                    path.of(v));
          });

  /** Refuses nulls. */
  public PropagationDecision {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(priority, "priority");
  }

  /** Whether it is sent. */
  public boolean shouldSend() {
    return reason == PropagationReason.SENT;
  }

  /** The delay in whole milliseconds, rounded up. */
  public long delayMillis() {
    long millis = delayNanos / Nanos.PER_MILLISECOND;
    return delayNanos % Nanos.PER_MILLISECOND == 0 ? millis : millis + 1;
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
    if (order == 0) {
      order = target.compareTo(other.target);
    }
    if (order == 0) {
      order = reason.compareTo(other.reason);
    }
    return order == 0 ? Integer.compare(quality, other.quality) : order;
  }

  /** How urgent a delivery is, the least urgent first. */
  public enum PropagationPriority {
    /** When nothing else is to do; dropped if it would have to wait too long. */
    BACKGROUND,
    /** As it comes. */
    NORMAL,
    /** Soon. */
    HIGH,
    /** At once; may borrow from the budget. */
    URGENT;

    private static final PropagationPriority[] ALL = values();

    /**
     * This urgency of interest, moved by what an update is above or below {@link #NORMAL}, and kept
     * within the range.
     */
    public PropagationPriority movedBy(PropagationPriority update) {
      int moved = ordinal() + update.ordinal() - NORMAL.ordinal();
      return ALL[Math.max(0, Math.min(URGENT.ordinal(), moved))];
    }
  }

  /** Why something is sent or not. */
  public enum PropagationReason {
    /** It is sent. */
    SENT,
    /** The node is where the update comes from. */
    SOURCE,
    /** No path over active edges leads to the node, or the topology does not know it. */
    UNREACHABLE,
    /** The node's interest has expired since the update before. */
    EXPIRED,
    /** The node wants major updates only, and this is none. */
    NOT_MAJOR,
    /** A newer update of the state took its place before it was sent. */
    SUPERSEDED,
    /** The state's source has sent this sequence number before. */
    DUPLICATE,
    /** The source may not update the state, or has not shown that it is who it says. */
    NO_AUTHORITY,
    /** It would have waited for the node's budget for too long. */
    BUDGET,
    /** The state is paused or has ended. */
    PAUSED,
    /** The time it came with lies implausibly far ahead. */
    CLOCK_AHEAD
  }
}
