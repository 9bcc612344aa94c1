package dev.stowage.propagation;

import java.util.Objects;

/**
 * A connection from one node to another.
 *
 * @param from where it begins
 * @param to where it ends
 * @param link what it is like
 */
public record PropagationEdge(NodeId from, NodeId to, Link link) {
  /** Refuses nulls. */
  public PropagationEdge {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(link, "link");
  }

  /** An edge of {@link Link#DEFAULT}. */
  public static PropagationEdge of(NodeId from, NodeId to) {
    return new PropagationEdge(from, to, Link.DEFAULT);
  }
}
