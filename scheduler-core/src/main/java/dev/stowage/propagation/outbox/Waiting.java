package dev.stowage.propagation.outbox;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationDecision;
import dev.stowage.propagation.StateUpdate;

/** A planned delivery, ordered by urgency, then by the order of planning. */
public final class Waiting implements Comparable<Waiting> {
  final Subscription subscription;
  final StateUpdate update;
  final PropagationPriority priority;
  final long order;
  int quality;
  boolean keyframe;
  long version;
  long bytes;
  long plannedAt;
  long dueAt;
  long pathLatencyNanos;
  long topologyVersion;

  Waiting(Subscription to, StateUpdate update, PropagationPriority priority, long order) {
    this.subscription = to;
    this.update = update;
    this.priority = priority;
    this.order = order;
  }

  boolean isUrgent() {
    return priority == PropagationPriority.URGENT;
  }

  PropagationDecision decision(PropagationReason reason, long now) {
    return new PropagationDecision(
        subscription.node, reason, priority, Math.max(0, dueAt - now), quality, pathLatencyNanos);
  }

  @Override
  public int compareTo(Waiting other) {
    int byPriority = other.priority.compareTo(priority);
    return byPriority != 0 ? byPriority : Long.compare(order, other.order);
  }
}
