package dev.stowage.propagation.outbox;

import dev.stowage.pressure.TokenBucket;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import org.jspecify.annotations.Nullable;

/** A node with its budget and its waiting deliveries. */
public final class Target {
  final NodeId node;
  final int index;
  final WaitingLine waiting = new WaitingLine();
  final long[] waitingBytes = new long[PropagationPriority.values().length];

  /** Null while full. */
  @Nullable TokenBucket bucket;

  public int subscriptions;

  Target(NodeId node, int index) {
    this.node = node;
    this.index = index;
  }
}
