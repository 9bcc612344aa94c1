package dev.stowage.placement;

/** The rule behind an action's {@link Cause}. At most 16 values, because slots store 4 bits. */
public enum Reason {
  /** The chunk has fewer replicas than its floor. */
  BELOW_FLOOR,
  /** The chunk has fewer replicas than its weight has earned. */
  BELOW_TARGET,
  /** The chunk has more replicas than its weight earns. */
  ABOVE_TARGET,
  /** The worker is leaving. */
  WORKER_LEAVING,
  /** The worker may not hold the chunk: its version, its labels or a ban. */
  NOT_ELIGIBLE,
  /** The worker holds more than its capacity. */
  OVER_CAPACITY,
  /** One domain has more replicas of the chunk than {@code max_per_domain} allows. */
  DOMAIN_LIMIT,
  /** The rebalancer's intent. */
  INTENT,
  /** The operator pinned the chunk to the worker. */
  PIN,
  /** The chunk's replicas lie in fewer zones than they should. */
  TOO_FEW_ZONES,
  /** One of the two workers is farther from the water level than the slack allows. */
  OFF_LEVEL,
  /** Makes room for a floor that found none. */
  MAKES_ROOM,
  /** The replica's worker has been missing its bytes for too long. */
  GIVEN_UP,
  /** Preempted: superseded or draining, and no portal may ask for it any more. */
  UNREADABLE_LEFTOVER,
  /** Preempted: a bonus replica that no portal may ask for. */
  UNREADABLE_BONUS,
  /** Preempted as a last resort: a portal may still ask for it. */
  READABLE
}
