package dev.stowage.propagation;

/** Where a swarm stands. */
public enum SwarmState {
  /** It has not started. */
  INITIALIZING,
  /** It takes updates. */
  ACTIVE,
  /** It takes no updates for a while. */
  PAUSED,
  /** It is over. */
  ENDED
}
