package dev.stowage.propagation.topology;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.Link.PathQuality;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.paths.Paths;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who can be reached from whom, and how well. Membership is idempotent: what is there already is
 * not added again, and no node is a neighbour of its own. A change that is refused is answered with
 * why, counted, and changes nothing.
 *
 * <p>As long as there is no edge at all, every node reaches every other; after that a path over
 * active edges is needed. Connections of stars, trees and meshes carry both ways; those of an
 * {@link EdgeTopology} one way.
 */
public abstract sealed class PropagationTopology permits HubTopology, MeshTopology, EdgeTopology {
  private final long[] answers = new long[TopologyAnswer.values().length];
  private @Nullable TopologyWatcher watcher;
  private long version;

  PropagationTopology() {}

  /** Adds a node with a {@link Link#DEFAULT} connection. */
  public final TopologyAnswer add(NodeId node) {
    return add(node, Link.DEFAULT);
  }

  /**
   * Adds a node.
   *
   * @param link what connects it to its neighbours; without meaning where edges are explicit
   */
  public final TopologyAnswer add(NodeId node, Link link) {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(link, "link");
    return settle(new TopologyChange.Added(node, link), contains(node) ? null : doAdd(node, link));
  }

  /** Takes a node out, with its connections. */
  public final TopologyAnswer remove(NodeId node) {
    Objects.requireNonNull(node, "node");
    TopologyAnswer answer = contains(node) ? doRemove(node) : TopologyAnswer.UNKNOWN_NODE;
    return settle(new TopologyChange.Removed(node), answer);
  }

  /** Whether a node belongs to it. */
  public abstract boolean contains(NodeId node);

  /** How many nodes it has. */
  public abstract int size();

  /** Its nodes, by id; costs in proportion to their number. */
  public abstract List<NodeId> nodes();

  /** How many edges it has, active or not: one for each direction of a mesh. */
  public abstract long edgeCount();

  /** Its edges, by their ends; a list of all of them. */
  public abstract List<PropagationEdge> edges();

  /** The nodes that an edge leads to from a node, by id; empty for an unknown one. */
  public abstract List<NodeId> downstream(NodeId node);

  /** The nodes that an edge comes from to a node, by id; empty for an unknown one. */
  public abstract List<NodeId> upstream(NodeId node);

  /** The least-latency path over active edges, ties by node id; empty if there is none. */
  public final Optional<PathQuality> path(NodeId from, NodeId to) {
    Paths paths = reach(from);
    return paths.find(to)
        ? Optional.of(new PathQuality(paths.latencyNanos, paths.narrowest))
        : Optional.empty();
  }

  /** How often changes were answered so. */
  public final long answered(TopologyAnswer answer) {
    return answers[answer.ordinal()];
  }

  /** The paths from a source; to be used before the next change. */
  @SuppressWarnings("exports") // for the scheduler; a host asks for the quality of a path
  public final Paths reach(NodeId source) {
    return edgeCount() > 0 ? pathsFrom(source) : new Membership();
  }

  abstract Paths pathsFrom(NodeId source);

  /** Adds a node that is not there. */
  abstract TopologyAnswer doAdd(NodeId node, Link link);

  /** Removes a node that is there. */
  abstract TopologyAnswer doRemove(NodeId node);

  /** Grows with every change. */
  public final long version() {
    return version;
  }

  /** Tells a watcher of every change from now on; there is at most one. */
  public final void attach(TopologyWatcher watches) {
    if (watcher != null) {
      throw new IllegalStateException("the topology belongs to another scheduler");
    }
    watcher = watches;
  }

  /** Nobody hears of changes any more. */
  public final void detach() {
    watcher = null;
  }

  /** Counts and tells; without an answer it was there already. */
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

  /**
   * A connection from one node to another.
   *
   * @param from where it begins
   * @param to where it ends
   * @param link what it is like
   */
  public record PropagationEdge(NodeId from, NodeId to, Link link) {
    /** Refuses nulls. */
    public PropagationEdge {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(link, "link");
    }

    /** An edge of {@link Link#DEFAULT}. */
    public static PropagationEdge of(NodeId from, NodeId to) {
      return new PropagationEdge(from, to, Link.DEFAULT);
    }
  }

  /** What became of a change of a topology; all but {@link #DONE} changed nothing. */
  public enum TopologyAnswer {
    /** It is as asked. */
    DONE,
    /** It was so already. */
    ALREADY_THERE,
    /** The node is not in the topology. */
    UNKNOWN_NODE,
    /** There is no such edge. */
    UNKNOWN_EDGE,
    /** A node is no neighbour of its own. */
    SELF_EDGE,
    /** The centre of a star and the root of a tree stay. */
    IS_HUB
  }

  /** A change of a topology, as it was asked for. */
  public sealed interface TopologyChange {
    /**
     * A node came.
     *
     * @param node the node
     * @param link its link
     */
    record Added(NodeId node, Link link) implements TopologyChange {}

    /**
     * A node went.
     *
     * @param node the node
     */
    record Removed(NodeId node) implements TopologyChange {}

    /**
     * The link of a node changed.
     *
     * @param node the node
     * @param link its link now
     */
    record Linked(NodeId node, Link link) implements TopologyChange {}

    /**
     * An edge came, or changed.
     *
     * @param edge the edge
     */
    record Connected(PropagationEdge edge) implements TopologyChange {}

    /**
     * An edge went.
     *
     * @param from its one end
     * @param to its other end
     */
    record Disconnected(NodeId from, NodeId to) implements TopologyChange {}
  }

  /** Hears of every change of a topology, after it. */
  @FunctionalInterface
  public interface TopologyWatcher {
    /** Something changed. */
    void changed(TopologyChange change);
  }
}
