package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;

/** The interest of a node in a state, ascending. */
public enum InterestLevel {
  /** No updates; revokes an earlier interest. */
  NONE(PropagationPriority.BACKGROUND, 0, 3),
  /** Major updates only. */
  LOW(PropagationPriority.BACKGROUND, 200, 2),
  /** Every update, after a delay. */
  MEDIUM(PropagationPriority.NORMAL, 50, 1),
  /** Every update, after a short delay. */
  HIGH(PropagationPriority.HIGH, 10, 0),
  /** Every update, at once. */
  CRITICAL(PropagationPriority.URGENT, 0, 0);

  private final PropagationPriority priority;
  private final long baseDelayNanos;
  private final int quality;

  InterestLevel(PropagationPriority priority, long baseDelayMillis, int quality) {
    this.priority = priority;
    this.baseDelayNanos = baseDelayMillis * Nanos.PER_MILLISECOND;
    this.quality = quality;
  }

  /** Returns the priority of a normal update at this level. */
  public PropagationPriority priority() {
    return priority;
  }

  /** Returns the delay in nanoseconds during which a newer update may replace an update. */
  public long baseDelayNanos() {
    return baseDelayNanos;
  }

  /** Returns the quality on a good path: 0 to {@link PropagationDecision#WORST_QUALITY}. */
  public int quality() {
    return quality;
  }
}
