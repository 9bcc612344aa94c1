package dev.stowage.propagation.topology;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import java.util.ArrayList;
import java.util.List;

/** A centre with leaves, each with its own link; adding and removing take constant time. */
public final class StarTopology extends HubTopology {
  /** Creates a centre without leaves. */
  public StarTopology(NodeId centre) {
    super(centre);
  }

  /** Returns the centre. */
  public NodeId centre() {
    return columns.node(0);
  }

  /** Returns the number of leaves. */
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
