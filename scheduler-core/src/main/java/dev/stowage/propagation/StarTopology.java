package dev.stowage.propagation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A centre and its leaves; every leaf has a link of its own. Adding and removing cost a step. */
public final class StarTopology extends PropagationTopology {
  private final NodeColumns columns = new NodeColumns();

  /** A centre without leaves. */
  public StarTopology(NodeId centre) {
    columns.add(Objects.requireNonNull(centre, "centre"), Link.DEFAULT);
  }

  /** The centre. */
  public NodeId centre() {
    return columns.node(0);
  }

  /** How many leaves there are. */
  public int leafCount() {
    return columns.size() - 1;
  }

  /** Replaces the link of a leaf. */
  public TopologyAnswer link(NodeId leaf, Link link) {
    return settle(new TopologyChange.Linked(leaf, link), LinkChange.of(columns, leaf, link));
  }

  @Override
  public boolean contains(NodeId node) {
    return columns.find(node) >= 0;
  }

  @Override
  public int size() {
    return columns.size();
  }

  @Override
  public List<NodeId> nodes() {
    return columns.sorted(0, columns.size());
  }

  @Override
  public long edgeCount() {
    return leafCount();
  }

  @Override
  public List<PropagationEdge> edges() {
    List<PropagationEdge> edges = new ArrayList<>();
    for (NodeId leaf : columns.sorted(1, columns.size())) {
      edges.add(new PropagationEdge(centre(), leaf, columns.linkOf(columns.find(leaf))));
    }
    return edges;
  }

  @Override
  public List<NodeId> downstream(NodeId node) {
    return columns.find(node) == 0 ? columns.sorted(1, columns.size()) : List.of();
  }

  @Override
  public List<NodeId> upstream(NodeId node) {
    return columns.find(node) > 0 ? List.of(centre()) : List.of();
  }

  @Override
  TopologyAnswer doAdd(NodeId node, Link link) {
    columns.add(node, link);
    return TopologyAnswer.DONE;
  }

  @Override
  TopologyAnswer doRemove(NodeId node) {
    int position = columns.find(node);
    if (position == 0) {
      return TopologyAnswer.IS_HUB;
    }
    columns.remove(position);
    return TopologyAnswer.DONE;
  }

  NodeColumns columns() {
    return columns;
  }

  @Override
  Paths pathsFrom(NodeId source) {
    return new ClimbingPaths(columns, columns.find(source), position -> 0);
  }
}
