package dev.stowage.answer;

/**
 * The purpose of an action; preemptions have the cause of the chunk they make room for. {@code
 * actions.csv} uses the names in lower case (simulation design, section 4).
 */
public enum Cause {
  /** The floor of a chunk that is placed for the first time. */
  NEW,
  /** The floor of an established chunk. */
  REPAIR,
  /** A bonus replica. */
  GROWTH,
  /** Leveling, or spreading over enough zones. */
  BALANCE,
  /** Moving off a worker that is leaving, ineligible or above its capacity. */
  EVACUATE,
  /** A step of a chain of moves that makes room for a floor. */
  RELOCATE,
  /** More replicas than the target. */
  SHRINK,
  /** A bonus replica superseded for a chunk that found no room. */
  SHED,
  /** A move that the rebalancer asked for. */
  INTENT,
  /** A floor that was raised, of a chunk that has what its floor was before. */
  RAISE,
  /** A move to a worker to which the operator pinned the chunk. */
  PIN
}
