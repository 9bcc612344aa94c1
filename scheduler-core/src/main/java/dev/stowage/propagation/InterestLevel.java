package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;

/** How much a node wants to hear of a state, the least first. */
public enum InterestLevel {
  /** Nothing. */
  NONE(PropagationPriority.BACKGROUND, 0, 3),
  /** Major updates only. */
  LOW(PropagationPriority.BACKGROUND, 200, 2),
  /** Everything, in time. */
  MEDIUM(PropagationPriority.NORMAL, 50, 1),
  /** Everything, soon. */
  HIGH(PropagationPriority.HIGH, 10, 0),
  /** Everything, at once. */
  CRITICAL(PropagationPriority.URGENT, 0, 0);

  private final PropagationPriority priority;
  private final long baseDelayNanos;
  private final int quality;

  InterestLevel(PropagationPriority priority, long baseDelayMillis, int quality) {
    this.priority = priority;
    this.baseDelayNanos = baseDelayMillis * Nanos.PER_MILLISECOND;
    this.quality = quality;
  }

  /** The urgency of a normal update for whoever has this interest. */
  public PropagationPriority priority() {
    return priority;
  }

  /** How long an update is kept back, so that the next one may take its place, in nanoseconds. */
  public long baseDelayNanos() {
    return baseDelayNanos;
  }

  /** The quality over a good path: 0 the best, {@value PropagationDecision#WORST_QUALITY} worst. */
  public int quality() {
    return quality;
  }
}
