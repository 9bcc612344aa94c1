package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import java.util.Objects;

/**
 * A node says how much it wants to hear of a state.
 *
 * @param node who
 * @param state of what
 * @param level how much; {@link InterestLevel#NONE} takes an earlier declaration back
 * @param declaredAtNanos when it was said
 * @param ttlNanos how long it holds, at least 0; 0 for ever
 */
public record InterestDeclaration(
    NodeId node, StateId state, InterestLevel level, long declaredAtNanos, long ttlNanos) {
  /** Refuses a time to live below 0 with {@link IllegalArgumentException}. */
  public InterestDeclaration {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(level, "level");
    if (ttlNanos < 0) {
      throw new IllegalArgumentException("ttlNanos is " + ttlNanos + "; at least 0 is accepted");
    }
  }

  /** A declaration that holds until it is taken back. */
  public static InterestDeclaration permanent(NodeId node, StateId state, InterestLevel level) {
    return new InterestDeclaration(node, state, level, 0, 0);
  }

  /** Whether it holds until it is taken back. */
  public boolean isPermanent() {
    return ttlNanos == 0;
  }

  /** The last moment at which it holds; the greatest long for a permanent one. */
  public long expiresAtNanos() {
    return isPermanent() ? Long.MAX_VALUE : Nanos.plus(declaredAtNanos, ttlNanos);
  }

  /** Whether it holds no more: the time is past its last moment, not at it. */
  public boolean isExpired(long nowNanos) {
    return !isPermanent() && nowNanos > expiresAtNanos();
  }

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

    /**
     * The quality over a good path: 0 the best, {@value PropagationDecision#WORST_QUALITY} worst.
     */
    public int quality() {
      return quality;
    }
  }
}
