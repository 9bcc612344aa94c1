package dev.stowage.propagation;

import dev.stowage.propagation.paths.NodeColumns;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.HubTopology;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/** A recorded topology: nodes in position order, and edges if they are explicit. */
record RecordedTopology(Kind kind, int fanOut, List<Node> nodes, List<PropagationEdge> edges) {
  private static final Shape<PropagationEdge> EDGE =
      Shape.of(
          "edge",
          row -> {
            var from = row.value("from", PropagationEdge::from, NodeId.FORM);
            var to = row.value("to", PropagationEdge::to, NodeId.FORM);
            var link = row.nested("link", PropagationEdge::link, Link.SHAPE).orElse(Link.DEFAULT);
            return v -> new PropagationEdge(from.of(v), to.of(v), link.of(v));
          });

  static final Shape<RecordedTopology> SHAPE =
      Shape.of(
          "topology",
          row -> {
            var kind = row.oneOf("kind", Kind.class, RecordedTopology::kind);
            var fanOut = row.number("fan_out", RecordedTopology::fanOut).narrow().orElse(0);
            var nodes = row.list("nodes", RecordedTopology::nodes, Forms.row(Node.SHAPE));
            var edges =
                row.list("edges", RecordedTopology::edges, Forms.row(EDGE)).orElse(List.of());
            return v -> new RecordedTopology(kind.of(v), fanOut.intOf(v), nodes.of(v), edges.of(v));
          });

  enum Kind {
    STAR,
    TREE,
    EDGES
  }

  record Node(NodeId node, Link link) {
    static final Shape<Node> SHAPE =
        Shape.of(
            "linked_node",
            row -> {
              var node = row.value("node", Node::node, NodeId.FORM);
              var link = row.nested("link", Node::link, Link.SHAPE).orElse(Link.DEFAULT);
              return v -> new Node(node.of(v), link.of(v));
            });
  }

  static RecordedTopology of(PropagationTopology topology) {
    if (topology instanceof HubTopology hub) {
      int fanOut = hub instanceof TreeTopology tree ? tree.fanOut() : 0;
      Kind kind = fanOut > 0 ? Kind.TREE : Kind.STAR;
      return new RecordedTopology(kind, fanOut, nodes(hub.columns()), List.of());
    }
    List<Node> nodes = topology.nodes().stream().map(node -> new Node(node, Link.DEFAULT)).toList();
    return new RecordedTopology(Kind.EDGES, 0, nodes, topology.edges());
  }

  private static List<Node> nodes(NodeColumns columns) {
    List<Node> nodes = new ArrayList<>(columns.size());
    for (int position = 0; position < columns.size(); position++) {
      nodes.add(new Node(columns.node(position), columns.linkOf(position)));
    }
    return nodes;
  }

  /** Builds a hub around the first node, which has no link. */
  PropagationTopology build() {
    PropagationTopology topology = begin();
    for (Node node : nodes) {
      if (!topology.contains(node.node())) {
        topology.add(node.node(), node.link());
      }
    }
    if (topology instanceof EdgeTopology explicit) {
      edges.forEach(explicit::connect);
    }
    return topology;
  }

  private PropagationTopology begin() {
    if (kind == Kind.EDGES) {
      return new EdgeTopology();
    }
    NodeId hub = nodes.get(0).node();
    return kind == Kind.STAR ? new StarTopology(hub) : new TreeTopology(hub, fanOut);
  }
}
