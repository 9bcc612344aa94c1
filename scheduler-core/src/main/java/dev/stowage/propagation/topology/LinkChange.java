package dev.stowage.propagation.topology;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.paths.NodeColumns;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import java.util.Objects;

/** Replaces the link of a node to its parent. */
final class LinkChange {
  private LinkChange() {}

  static TopologyAnswer of(NodeColumns columns, NodeId node, Link link) {
    Objects.requireNonNull(link, "link");
    int position = columns.find(node);
    if (position < 0) {
      return TopologyAnswer.UNKNOWN_NODE;
    }
    if (position == 0) {
      return TopologyAnswer.IS_HUB;
    }
    if (columns.linkOf(position).equals(link)) {
      return TopologyAnswer.ALREADY_THERE;
    }
    columns.link(position, link);
    return TopologyAnswer.DONE;
  }
}
