package dev.stowage.propagation.topology;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.paths.NodeColumns;
import dev.stowage.propagation.paths.Paths;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import java.util.ArrayList;
import java.util.List;

/** A full mesh; the greater latency and the lesser bandwidth count, and both must be active. */
public final class MeshTopology extends PropagationTopology {
  private final NodeColumns columns = new NodeColumns();

  /** Creates an empty mesh. */
  public MeshTopology() {}

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
    return (long) columns.size() * Math.max(0, columns.size() - 1);
  }

  @Override
  public List<PropagationEdge> edges() {
    List<NodeId> nodes = nodes();
    List<PropagationEdge> edges = new ArrayList<>();
    for (NodeId from : nodes) {
      for (NodeId to : nodes) {
        if (!from.equals(to)) {
          edges.add(new PropagationEdge(from, to, between(columns.find(from), columns.find(to))));
        }
      }
    }
    return edges;
  }

  @Override
  public List<NodeId> downstream(NodeId node) {
    if (!contains(node)) {
      return List.of();
    }
    List<NodeId> others = nodes();
    others.remove(node);
    return others;
  }

  @Override
  public List<NodeId> upstream(NodeId node) {
    return downstream(node);
  }

  @Override
  TopologyAnswer doAdd(NodeId node, Link link) {
    columns.add(node, link);
    return TopologyAnswer.DONE;
  }

  @Override
  TopologyAnswer doRemove(NodeId node) {
    columns.remove(columns.find(node));
    return TopologyAnswer.DONE;
  }

  private Link between(int a, int b) {
    return new Link(
        Math.max(columns.latency(a), columns.latency(b)),
        Math.min(columns.bandwidth(a), columns.bandwidth(b)),
        columns.isActive(a) && columns.isActive(b));
  }

  /** Returns the nodes with their links, for recordings. */
  @SuppressWarnings("exports") // names a type that is not exported, which no host needs
  public NodeColumns columns() {
    return columns;
  }

  @Override
  Paths pathsFrom(NodeId source) {
    int from = columns.find(source);
    return new Paths() {
      @Override
      public boolean find(NodeId target) {
        int to = columns.find(target);
        if (from < 0 || to < 0) {
          return false;
        }
        if (from == to) {
          return here();
        }
        here();
        over(
            Math.max(columns.latency(from), columns.latency(to)),
            Math.min(columns.bandwidth(from), columns.bandwidth(to)));
        return columns.isActive(from) && columns.isActive(to);
      }
    };
  }
}
