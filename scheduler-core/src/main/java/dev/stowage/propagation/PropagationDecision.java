package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
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
}
