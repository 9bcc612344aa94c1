package dev.stowage.propagation;

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
