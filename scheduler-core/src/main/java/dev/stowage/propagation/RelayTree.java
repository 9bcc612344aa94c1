package dev.stowage.propagation;

import dev.stowage.propagation.PropagationScheduler.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tree that stays complete: an array with the root at 0 and the parent of {@code k} at {@code (k
 * - 1) / fanOut}. Removing moves the last node into the hole, so that at most {@code fanOut + 1}
 * nodes change their parent. The depth of {@code n} nodes with fan-out {@code f} is {@code
 * ceil(log_f(n (f - 1) + 1)) - 1}. A fan-out of all other nodes makes a star.
 */
final class RelayTree {
  private final int fanOut;
  private final List<NodeId> nodes = new ArrayList<>();
  private final Map<NodeId, Integer> places = new HashMap<>();

  RelayTree(NodeId root, int fanOut) {
    this.fanOut = fanOut;
    add(root);
  }

  /** Adds a node, and reports whether it was not there. */
  boolean add(NodeId node) {
    if (places.putIfAbsent(node, nodes.size()) != null) {
      return false;
    }
    return nodes.add(node);
  }

  /** Removes a node, and reports whether it was there; the root stays. */
  boolean remove(NodeId node) {
    int place = places.getOrDefault(node, 0);
    if (place == 0) {
      return false;
    }
    places.remove(node);
    NodeId last = nodes.remove(nodes.size() - 1);
    if (place < nodes.size()) {
      nodes.set(place, last);
      places.put(last, place);
    }
    return true;
  }

  /** Returns the parent of a node; empty for the root and unknown nodes. */
  Optional<NodeId> parent(NodeId node) {
    int place = places.getOrDefault(node, 0);
    return place == 0 ? Optional.empty() : Optional.of(nodes.get((place - 1) / fanOut));
  }

  /** Returns the children of a node by id; none for unknown nodes. */
  List<NodeId> children(NodeId node) {
    Integer place = places.get(node);
    if (place == null) {
      return List.of();
    }
    long first = Math.min(nodes.size(), (long) place * fanOut + 1);
    long end = Math.min(nodes.size(), first + fanOut);
    return nodes.subList((int) first, (int) end).stream().sorted().toList();
  }
}
