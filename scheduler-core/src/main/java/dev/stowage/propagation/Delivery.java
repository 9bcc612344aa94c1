package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A message to send now: all changes from the version that the node was given last (0 before its
 * first update, empty if nothing can be continued) to {@code toVersion}. A keyframe says
 * everything. Quality 0 is best; bytes come from the node's budget; the wait, in nanoseconds,
 * counts from the plan of the first merged update.
 */
public record Delivery(
    NodeId target,
    StateUpdate update,
    OptionalLong fromVersion,
    long toVersion,
    boolean keyframe,
    PropagationPriority priority,
    int quality,
    long bytes,
    long waitedNanos,
    long pathLatencyNanos) {
  /** Throws {@link NullPointerException} for a null component. */
  public Delivery {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(update, "update");
    Objects.requireNonNull(fromVersion, "fromVersion");
    Objects.requireNonNull(priority, "priority");
  }

  /** Returns the state. */
  public StateId state() {
    return update.state();
  }

  /** Compares by urgency, most urgent first, then path latency, node and state. */
  public static int bySending(Delivery a, Delivery b) {
    int byPriority = b.priority.compareTo(a.priority);
    if (byPriority != 0) {
      return byPriority;
    }
    int byPath = Long.compare(a.pathLatencyNanos, b.pathLatencyNanos);
    if (byPath != 0) {
      return byPath;
    }
    int byNode = a.target.compareTo(b.target);
    return byNode != 0 ? byNode : a.state().compareTo(b.state());
  }
}
