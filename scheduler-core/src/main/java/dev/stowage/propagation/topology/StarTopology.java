package dev.stowage.propagation.topology;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import java.util.ArrayList;
import java.util.List;

/** A centre and its leaves; every leaf has a link of its own. Adding and removing cost a step. */
public final class StarTopology extends HubTopology {
  /** A centre without leaves. */
  public StarTopology(NodeId centre) {
    super(centre);
  }

  /** The centre. */
  public NodeId centre() {
    return columns.node(0);
  }

  /** How many leaves there are. */
  public int leafCount() {
    return columns.size() - 1;
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
  int parentOf(int position) {
    return 0;
  }
}
