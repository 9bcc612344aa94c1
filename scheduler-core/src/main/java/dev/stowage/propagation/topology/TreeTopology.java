package dev.stowage.propagation.topology;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tree that stays complete: an array with the root at 0 and the parent of {@code k} at {@code (k
 * - 1) / fanOut}. Removing moves the last node, with its own link, into the hole, so that at most
 * {@code fanOut + 1} nodes change their parent. The depth of {@code n} nodes with fan-out {@code f}
 * is {@code ceil(log_f(n (f - 1) + 1)) - 1}.
 */
public final class TreeTopology extends HubTopology {
  private final int fanOut;

  /** Creates a root with at most {@code fanOut} children per node, at least 2. */
  public TreeTopology(NodeId root, int fanOut) {
    super(root);
    if (fanOut < 2) {
      throw new IllegalArgumentException("fanOut is " + fanOut + "; at least 2 is accepted");
    }
    this.fanOut = fanOut;
  }

  /** Returns the root. */
  public NodeId root() {
    return columns.node(0);
  }

  /** Returns the greatest number of children of a node. */
  public int fanOut() {
    return fanOut;
  }

  /** Returns the number of edges between the root and the farthest node. */
  public int depth() {
    return depthOf(columns.size() - 1);
  }

  /** Returns the number of edges between the root and a node; empty for an unknown node. */
  public Optional<Integer> depth(NodeId node) {
    int position = columns.find(node);
    return position < 0 ? Optional.empty() : Optional.of(depthOf(position));
  }

  /** Returns the parent of a node; empty for the root and unknown nodes. */
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
