package dev.stowage.propagation;

/** What became of what was asked of a swarm; all but {@link #DONE} changed nothing. */
public enum SwarmAnswer {
  /** It is as asked. */
  DONE,
  /** It was so already. */
  ALREADY_SO,
  /** The swarm has not started. */
  NOT_STARTED,
  /** The swarm is paused. */
  PAUSED,
  /** The swarm is over. */
  ENDED,
  /** The node is no member of the swarm. */
  UNKNOWN_NODE,
  /** The node is the broadcaster, who is always there. */
  IS_BROADCASTER,
  /** The swarm takes no more members. */
  FULL,
  /** Somebody else shares a screen. */
  BUSY,
  /** The node may not say this. */
  NO_AUTHORITY
}
