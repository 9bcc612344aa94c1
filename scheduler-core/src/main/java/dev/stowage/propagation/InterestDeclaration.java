package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import java.util.Objects;

/** An interest of a node in a state; a time to live of 0 ns is unlimited. */
public record InterestDeclaration(
    NodeId node, StateId state, InterestLevel level, long declaredAtNanos, long ttlNanos) {
  /** Throws {@link IllegalArgumentException} for a negative time to live. */
  public InterestDeclaration {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(level, "level");
    if (ttlNanos < 0) {
      throw new IllegalArgumentException("ttlNanos is " + ttlNanos + "; at least 0 is accepted");
    }
  }

  /** Creates a declaration that holds until it is revoked. */
  public static InterestDeclaration permanent(NodeId node, StateId state, InterestLevel level) {
    return new InterestDeclaration(node, state, level, 0, 0);
  }

  /** Reports whether the declaration holds until it is revoked. */
  public boolean isPermanent() {
    return ttlNanos == 0;
  }

  /** Returns the last time at which the declaration holds; {@code Long.MAX_VALUE} if permanent. */
  public long expiresAtNanos() {
    return isPermanent() ? Long.MAX_VALUE : Nanos.plus(declaredAtNanos, ttlNanos);
  }

  /** Reports whether the last time is past. */
  public boolean isExpired(long nowNanos) {
    return !isPermanent() && nowNanos > expiresAtNanos();
  }

  /** The interest in a state, ascending. */
  public enum InterestLevel {
    /** No updates; revokes an earlier declaration. */
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
}
