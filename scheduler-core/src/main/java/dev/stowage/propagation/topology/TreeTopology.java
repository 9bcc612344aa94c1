package dev.stowage.propagation.topology;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tree that is complete after every change: it is kept in an array, the root at 0, the parent of
 * position {@code k} at {@code (k - 1) / fanOut}. Adding appends; removing moves the last node into
 * the hole, so that at most {@code fanOut + 1} nodes change their parent. With {@code n} nodes and
 * a fan-out {@code f} the depth is {@code ceil(log_f(n (f - 1) + 1)) - 1}, whatever was added and
 * removed before. A node takes its own link along when it moves.
 */
public final class TreeTopology extends HubTopology {
  private final int fanOut;

  /**
   * A root alone.
   *
   * @param fanOut the most children of a node, at least 2
   */
  public TreeTopology(NodeId root, int fanOut) {
    super(root);
    if (fanOut < 2) {
      throw new IllegalArgumentException("fanOut is " + fanOut + "; at least 2 is accepted");
    }
    this.fanOut = fanOut;
  }

  /** The root. */
  public NodeId root() {
    return columns.node(0);
  }

  /** The most children of a node. */
  public int fanOut() {
    return fanOut;
  }

  /** The edges between the root and the node that is farthest from it. */
  public int depth() {
    return depthOf(columns.size() - 1);
  }

  /** The edges between the root and a node; empty for an unknown one. */
  public Optional<Integer> depth(NodeId node) {
    int position = columns.find(node);
    return position < 0 ? Optional.empty() : Optional.of(depthOf(position));
  }

  /** Whom a node hangs on; empty for the root and for an unknown one. */
  public Optional<NodeId> parent(NodeId node) {
    int position = columns.find(node);
    return position <= 0 ? Optional.empty() : Optional.of(columns.node(parentOf(position)));
  }

  @Override
  public List<PropagationEdge> edges() {
    List<PropagationEdge> edges = new ArrayList<>();
    for (NodeId node : nodes()) {
      for (NodeId child : downstream(node)) {
        edges.add(new PropagationEdge(node, child, columns.linkOf(columns.find(child))));
      }
    }
    return edges;
  }

  @Override
  public List<NodeId> downstream(NodeId node) {
    int position = columns.find(node);
    if (position < 0) {
      return List.of();
    }
    long first = (long) position * fanOut + 1;
    int from = (int) Math.min(columns.size(), first);
    return columns.sorted(from, (int) Math.min(columns.size(), first + fanOut));
  }

  @Override
  public List<NodeId> upstream(NodeId node) {
    return parent(node).stream().toList();
  }

  @Override
  int parentOf(int position) {
    return (position - 1) / fanOut;
  }

  private int depthOf(int position) {
    int depth = 0;
    for (int at = position; at > 0; at = parentOf(at)) {
      depth++;
    }
    return depth;
  }
}
