package dev.stowage.propagation.topology;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;

/** A change of a topology, as it was asked for. */
public sealed interface TopologyChange {
  record Added(NodeId node, Link link) implements TopologyChange {}

  record Removed(NodeId node) implements TopologyChange {}

  record Linked(NodeId node, Link link) implements TopologyChange {}

  record Connected(PropagationEdge edge) implements TopologyChange {}

  record Disconnected(NodeId from, NodeId to) implements TopologyChange {}
}
