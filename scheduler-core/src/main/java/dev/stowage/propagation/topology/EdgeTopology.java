package dev.stowage.propagation.topology;

import dev.stowage.columns.KeyHeap;
import dev.stowage.columns.LongIndex;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.paths.Paths;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Directed edges with links; paths from a source cost {@code edges * log(nodes)} per change. */
public final class EdgeTopology extends PropagationTopology {
  private final TreeMap<NodeId, TreeMap<NodeId, Link>> out = new TreeMap<>();
  private final TreeMap<NodeId, TreeMap<NodeId, Link>> in = new TreeMap<>();
  private long edgeCount;
  private @Nullable LeastLatency least;
  private long leastVersion;

  /** Creates an empty topology. */
  public EdgeTopology() {}

  /** Adds an edge between two nodes of the topology, or replaces its link. */
  public TopologyAnswer connect(PropagationEdge edge) {
    Objects.requireNonNull(edge, "edge");
    return settle(new TopologyChange.Connected(edge), doConnect(edge));
  }

  private TopologyAnswer doConnect(PropagationEdge edge) {
    TreeMap<NodeId, Link> from = out.get(edge.from());
    TreeMap<NodeId, Link> to = in.get(edge.to());
    if (from == null || to == null) {
      return TopologyAnswer.UNKNOWN_NODE;
    }
    if (edge.from().equals(edge.to())) {
      return TopologyAnswer.SELF_EDGE;
    }
    Link before = from.put(edge.to(), edge.link());
    to.put(edge.from(), edge.link());
    edgeCount += before == null ? 1 : 0;
    return edge.link().equals(before) ? TopologyAnswer.ALREADY_THERE : TopologyAnswer.DONE;
  }

  /** Removes an edge. */
  public TopologyAnswer disconnect(NodeId from, NodeId to) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    return settle(new TopologyChange.Disconnected(from, to), doDisconnect(from, to));
  }

  private TopologyAnswer doDisconnect(NodeId from, NodeId to) {
    TreeMap<NodeId, Link> outgoing = out.get(from);
    TreeMap<NodeId, Link> incoming = in.get(to);
    if (outgoing == null || incoming == null) {
      return TopologyAnswer.UNKNOWN_NODE;
    }
    if (outgoing.remove(to) == null) {
      return TopologyAnswer.UNKNOWN_EDGE;
    }
    incoming.remove(from);
    edgeCount--;
    return TopologyAnswer.DONE;
  }

  @Override
  public boolean contains(NodeId node) {
    return out.containsKey(node);
  }

  @Override
  public int size() {
    return out.size();
  }

  @Override
  public List<NodeId> nodes() {
    return List.copyOf(out.keySet());
  }

  @Override
  public long edgeCount() {
    return edgeCount;
  }

  @Override
  public List<PropagationEdge> edges() {
    List<PropagationEdge> edges = new ArrayList<>();
    out.forEach((from, links) ->
        links.forEach((to, link) -> edges.add(new PropagationEdge(from, to, link))));
    return edges;
  }

  @Override
  public List<NodeId> downstream(NodeId node) {
    return neighbours(out.get(node));
  }

  @Override
  public List<NodeId> upstream(NodeId node) {
    return neighbours(in.get(node));
  }

  private static List<NodeId> neighbours(@Nullable TreeMap<NodeId, Link> links) {
    return links == null ? List.of() : List.copyOf(links.keySet());
  }

  @Override
  TopologyAnswer doAdd(NodeId node, Link link) {
    out.put(node, new TreeMap<>());
    in.put(node, new TreeMap<>());
    return TopologyAnswer.DONE;
  }

  @Override
  TopologyAnswer doRemove(NodeId node) {
    for (NodeId to : downstream(node)) {
      doDisconnect(node, to);
    }
    for (NodeId from : upstream(node)) {
      doDisconnect(from, node);
    }
    out.remove(node);
    in.remove(node);
    return TopologyAnswer.DONE;
  }

  @Override
  Paths pathsFrom(NodeId source) {
    LeastLatency search = least;
    if (search == null || leastVersion != version()) {
      search = new LeastLatency(out);
      least = search;
      leastVersion = version();
    }
    return search.from(source);
  }

  private static final class LeastLatency extends Paths {
    private static final int UNREACHED = -1;
    private static final int NOT_ASKED = -2;

    private final LongIndex index = new LongIndex();
    private final int[] firstEdge;
    private final int[] ends;
    private final Link[] links;
    private final long[] latencies;
    private final int[] narrowests;
    private final int[] before;
    private int source = NOT_ASKED;

    LeastLatency(TreeMap<NodeId, TreeMap<NodeId, Link>> graph) {
      int nodes = 0;
      int edges = 0;
      for (var entry : graph.entrySet()) {
        index.put(entry.getKey().value(), nodes++);
        edges += entry.getValue().size();
      }
      firstEdge = new int[nodes + 1];
      ends = new int[edges];
      links = new Link[edges];
      latencies = new long[nodes];
      narrowests = new int[nodes];
      before = new int[nodes];
      int node = 0;
      int edge = 0;
      for (TreeMap<NodeId, Link> outgoing : graph.values()) {
        firstEdge[node++] = edge;
        for (var entry : outgoing.entrySet()) {
          ends[edge] = index.find(entry.getKey().value());
          links[edge++] = entry.getValue();
        }
      }
      firstEdge[nodes] = edge;
    }

    Paths from(NodeId node) {
      int wanted = index.find(node.value());
      if (wanted != source) {
        source = wanted;
        search();
      }
      return this;
    }

    private void search() {
      Arrays.fill(before, UNREACHED);
      if (source < 0) {
        return;
      }
      boolean[] settled = new boolean[before.length];
      KeyHeap heap = new KeyHeap();
      before[source] = source;
      latencies[source] = 0;
      narrowests[source] = Link.FULL_BANDWIDTH;
      heap.put(source, 0);
      while (!heap.isEmpty()) {
        int node = heap.first();
        heap.remove(node);
        settled[node] = true;
        for (int edge = firstEdge[node]; edge < firstEdge[node + 1]; edge++) {
          if (links[edge].active() && !settled[ends[edge]]) {
            relax(node, edge, heap);
          }
        }
      }
    }

    private void relax(int node, int edge, KeyHeap heap) {
      int end = ends[edge];
      latencyNanos = latencies[node];
      narrowest = narrowests[node];
      over(links[edge].latencyNanos(), links[edge].bandwidth());
      boolean isBetter =
          before[end] == UNREACHED
              || latencyNanos < latencies[end]
              || (latencyNanos == latencies[end] && node < before[end]);
      if (isBetter) {
        before[end] = node;
        latencies[end] = latencyNanos;
        narrowests[end] = narrowest;
        heap.put(end, latencyNanos);
      }
    }

    @Override
    public boolean find(NodeId target) {
      int position = index.find(target.value());
      if (position < 0 || before[position] == UNREACHED) {
        return false;
      }
      latencyNanos = latencies[position];
      narrowest = narrowests[position];
      return true;
    }
  }
}
