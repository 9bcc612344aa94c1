package dev.stowage.propagation.outbox;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The nodes whose interest expired since a state's last update; at most {@value #MOST}. */
public final class ExpiredNodes {
  static final int MOST = 10_000;

  private record Entry(StateId state, NodeId node) {}

  private final Map<StateId, TreeSet<NodeId>> byState = new HashMap<>();
  private final Set<Entry> inOrder = new LinkedHashSet<>();

  public void add(StateId state, NodeId node) {
    if (byState.computeIfAbsent(state, key -> new TreeSet<>()).add(node)) {
      inOrder.add(new Entry(state, node));
    }
    while (inOrder.size() > MOST) {
      Entry oldest = inOrder.iterator().next();
      inOrder.remove(oldest);
      TreeSet<NodeId> nodes = byState.get(oldest.state());
      if (nodes != null && nodes.remove(oldest.node()) && nodes.isEmpty()) {
        byState.remove(oldest.state());
      }
    }
  }

  public void remove(StateId state, NodeId node) {
    TreeSet<NodeId> nodes = byState.get(state);
    if (nodes != null && nodes.remove(node)) {
      inOrder.remove(new Entry(state, node));
      if (nodes.isEmpty()) {
        byState.remove(state);
      }
    }
  }

  /** Removes and returns the nodes of a state, by id. */
  public List<NodeId> take(StateId state) {
    TreeSet<NodeId> nodes = byState.remove(state);
    if (nodes == null) {
      return List.of();
    }
    nodes.forEach(node -> inOrder.remove(new Entry(state, node)));
    return List.copyOf(nodes);
  }
}
