package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Something to send now: what a node must be told to get from the version it was given last to the
 * newest. Whatever was superseded, skipped or dropped in between is part of it.
 *
 * @param target to whom
 * @param update the newest update
 * @param fromVersion the version of the state that the node was given last, 0 before its first
 *     update; empty if it holds nothing that could be continued
 * @param toVersion the version that it holds afterwards
 * @param keyframe whether everything is to be sent: the update is a keyframe, one was superseded by
 *     it, or there is no version to go on from
 * @param priority how urgent it is
 * @param quality how full it is
 * @param bytes how much of the node's budget it took
 * @param waitedNanos since it was planned, or what it superseded was
 * @param pathLatencyNanos how long it is on its way
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
  /** Refuses nulls. */
  public Delivery {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(update, "update");
    Objects.requireNonNull(fromVersion, "fromVersion");
    Objects.requireNonNull(priority, "priority");
  }

  /** Of which state. */
  public StateId state() {
    return update.state();
  }

  /** More urgent first, then the shorter path, the smaller node, the smaller state. */
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
