package dev.stowage.propagation;

/** Why something is sent or not. */
public enum PropagationReason {
  /** It is sent. */
  SENT,
  /** The node is where the update comes from. */
  SOURCE,
  /** No path over active edges leads to the node, or the topology does not know it. */
  UNREACHABLE,
  /** The node's interest has expired since the update before. */
  EXPIRED,
  /** The node wants major updates only, and this is none. */
  NOT_MAJOR,
  /** A newer update of the state took its place before it was sent. */
  SUPERSEDED,
  /** The state's source has sent this sequence number before. */
  DUPLICATE,
  /** The source may not update the state, or has not shown that it is who it says. */
  NO_AUTHORITY,
  /** It would have waited for the node's budget for too long. */
  BUDGET,
  /** The state is paused or has ended. */
  PAUSED,
  /** The time it came with lies implausibly far ahead. */
  CLOCK_AHEAD
}
