package dev.stowage.propagation.topology;

import dev.stowage.propagation.Link.PathQuality;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.paths.Paths;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reachability of nodes. Without any edge every node reaches every other; otherwise a path over
 * active edges is needed. Edges of stars, trees and meshes carry both ways, those of an {@link
 * EdgeTopology} one way. A refused change is counted and changes nothing.
 */
public abstract sealed class PropagationTopology permits HubTopology, EdgeTopology {
  private final long[] answers = new long[TopologyAnswer.values().length];
  private @Nullable TopologyWatcher watcher;
  private long version;

  PropagationTopology() {}

  /** Adds a node with a {@link Link#DEFAULT} connection. */
  public final TopologyAnswer add(NodeId node) {
    return add(node, Link.DEFAULT);
  }

  /** Adds a node with a link to its neighbours, which is ignored if edges are explicit. */
  public final TopologyAnswer add(NodeId node, Link link) {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(link, "link");
    return settle(new TopologyChange.Added(node, link), contains(node) ? null : doAdd(node, link));
  }

  /** Removes a node and its connections. */
  public final TopologyAnswer remove(NodeId node) {
    Objects.requireNonNull(node, "node");
    TopologyAnswer answer = contains(node) ? doRemove(node) : TopologyAnswer.UNKNOWN_NODE;
    return settle(new TopologyChange.Removed(node), answer);
  }

  /** Reports whether a node belongs to the topology. */
  public abstract boolean contains(NodeId node);

  /** Returns the number of nodes. */
  public abstract int size();

  /** Returns the nodes by id, in time proportional to their number. */
  public abstract List<NodeId> nodes();

  /** Returns the number of edges, active or not: in a mesh one for each direction. */
  public abstract long edgeCount();

  /** Returns all edges, by their ends. */
  public abstract List<PropagationEdge> edges();

  /** Returns the ends of edges from a node, by id; empty for an unknown node. */
  public abstract List<NodeId> downstream(NodeId node);

  /** Returns the starts of edges to a node, by id; empty for an unknown node. */
  public abstract List<NodeId> upstream(NodeId node);

  /** Returns the least-latency path over active edges, ties by node id. */
  public final Optional<PathQuality> path(NodeId from, NodeId to) {
    Paths paths = reach(from);
    return paths.find(to)
        ? Optional.of(new PathQuality(paths.latencyNanos, paths.narrowest))
        : Optional.empty();
  }

  /** Returns the number of changes with this answer. */
  public final long answered(TopologyAnswer answer) {
    return answers[answer.ordinal()];
  }

  /** Returns the paths from a source, valid until the next change. */
  @SuppressWarnings("exports") // for the scheduler; hosts ask for the quality of a path
  public final Paths reach(NodeId source) {
    return edgeCount() > 0 ? pathsFrom(source) : new Membership();
  }

  abstract Paths pathsFrom(NodeId source);

  abstract TopologyAnswer doAdd(NodeId node, Link link);

  abstract TopologyAnswer doRemove(NodeId node);

  /** Returns a number that grows with every change. */
  public final long version() {
    return version;
  }

  /** Sets the only watcher; throws {@link IllegalStateException} if there is one. */
  public final void attach(TopologyWatcher watches) {
    if (watcher != null) {
      throw new IllegalStateException("the topology belongs to another scheduler");
    }
    watcher = watches;
  }

  /** Removes the watcher. */
  public final void detach() {
    watcher = null;
  }

  final TopologyAnswer settle(TopologyChange change, @Nullable TopologyAnswer given) {
    TopologyAnswer answer = given == null ? TopologyAnswer.ALREADY_THERE : given;
    answers[answer.ordinal()]++;
    if (answer == TopologyAnswer.DONE) {
      version++;
      if (watcher != null) {
        watcher.changed(change);
      }
    }
    return answer;
  }

  private final class Membership extends Paths {
    @Override
    public boolean find(NodeId target) {
      return contains(target) && here();
    }
  }

  /** A directed connection between two nodes. */
  public record PropagationEdge(NodeId from, NodeId to, Link link) {
    /** Throws {@link NullPointerException} for a null component. */
    public PropagationEdge {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(link, "link");
    }

    /** Creates an edge with {@link Link#DEFAULT}. */
    public static PropagationEdge of(NodeId from, NodeId to) {
      return new PropagationEdge(from, to, Link.DEFAULT);
    }
  }

  /** The result of a change of a topology; only {@link #DONE} changed anything. */
  public enum TopologyAnswer {
    /** The change took effect. */
    DONE,
    /** The topology was already in this state. */
    ALREADY_THERE,
    /** The node is not in the topology. */
    UNKNOWN_NODE,
    /** The edge does not exist. */
    UNKNOWN_EDGE,
    /** A node cannot be its own neighbour. */
    SELF_EDGE,
    /** The centre of a star or the root of a tree cannot be removed or linked. */
    IS_HUB
  }

  /** A requested change of a topology. */
  public sealed interface TopologyChange {
    /** The addition of a node with a link. */
    record Added(NodeId node, Link link) implements TopologyChange {}

    /** The removal of a node. */
    record Removed(NodeId node) implements TopologyChange {}

    /** The replacement of a node's link. */
    record Linked(NodeId node, Link link) implements TopologyChange {}

    /** The addition or replacement of an edge. */
    record Connected(PropagationEdge edge) implements TopologyChange {}

    /** The removal of an edge. */
    record Disconnected(NodeId from, NodeId to) implements TopologyChange {}
  }

  /** Is told of every change of a topology, after it. */
  @FunctionalInterface
  public interface TopologyWatcher {
    /** Receives a change that took effect. */
    void changed(TopologyChange change);
  }
}
