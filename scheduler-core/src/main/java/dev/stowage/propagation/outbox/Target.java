package dev.stowage.propagation.outbox;

import dev.stowage.pressure.TokenBucket;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import org.jspecify.annotations.Nullable;

/** A node that things are sent to: its budget, and what waits for it. */
public final class Target {
  final NodeId node;
  final int index;
  final WaitingLine waiting = new WaitingLine();
  final long[] waitingBytes = new long[PropagationPriority.values().length];

  /** Full as long as there is none. */
  @Nullable TokenBucket bucket;

  public int subscriptions;

  Target(NodeId node, int index) {
    this.node = node;
    this.index = index;
  }
}
