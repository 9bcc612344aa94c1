package dev.stowage.propagation.topology;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.paths.ClimbingPaths;
import dev.stowage.propagation.paths.NodeColumns;
import dev.stowage.propagation.paths.Paths;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import java.util.List;
import java.util.Objects;

/** Nodes that hang on a hub directly or through others; the hub is at position 0. */
public abstract sealed class HubTopology extends PropagationTopology
    permits StarTopology, TreeTopology {
  final NodeColumns columns = new NodeColumns();

  HubTopology(NodeId hub) {
    columns.add(Objects.requireNonNull(hub, "hub"), Link.DEFAULT);
  }

  abstract int parentOf(int position);

  /** Replaces the link between a node and its parent. */
  public final TopologyAnswer link(NodeId node, Link link) {
    return settle(new TopologyChange.Linked(node, link), LinkChange.of(columns, node, link));
  }

  @Override
  public final boolean contains(NodeId node) {
    return columns.find(node) >= 0;
  }

  @Override
  public final int size() {
    return columns.size();
  }

  @Override
  public final List<NodeId> nodes() {
    return columns.sorted(0, columns.size());
  }

  @Override
  public final long edgeCount() {
    return columns.size() - 1L;
  }

  @Override
  final TopologyAnswer doAdd(NodeId node, Link link) {
    columns.add(node, link);
    return TopologyAnswer.DONE;
  }

  @Override
  final TopologyAnswer doRemove(NodeId node) {
    int position = columns.find(node);
    if (position == 0) {
      return TopologyAnswer.IS_HUB;
    }
    columns.remove(position);
    return TopologyAnswer.DONE;
  }

  @Override
  final Paths pathsFrom(NodeId source) {
    return new ClimbingPaths(columns, columns.find(source), this::parentOf);
  }

  /** Returns the nodes with their links, for recordings. */
  @SuppressWarnings("exports") // names a type that is not exported, which no host needs
  public final NodeColumns columns() {
    return columns;
  }
}
