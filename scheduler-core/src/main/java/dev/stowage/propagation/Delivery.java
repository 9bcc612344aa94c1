package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.OptionalLong;

/**
 * A message to send now: all changes of the node's state from the version that the node was given
 * last (0 before the first update, empty if nothing can be continued) to {@code toVersion}. A
 * keyframe says everything. Quality 0 is best; bytes come from the node's budget.
 */
public record Delivery(
    @Declare(name = "node", subject = true) NodeId target,
    @Declare(name = "from") OptionalLong fromVersion,
    @Declare(name = "to") long toVersion,
    boolean keyframe,
    PropagationPriority priority,
    int quality,
    long bytes,
    long pathLatencyNanos) {
  static final Shape<Delivery> SHAPE = Shape.derived("delivery", Delivery.class);

  /** Compares by urgency, most urgent first, then path latency and node. */
  public static int bySending(Delivery a, Delivery b) {
    int byPriority = b.priority.compareTo(a.priority);
    int byPath = Long.compare(a.pathLatencyNanos, b.pathLatencyNanos);
    return byPriority != 0 ? byPriority : byPath != 0 ? byPath : a.target.compareTo(b.target);
  }
}
