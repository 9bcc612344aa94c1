package dev.stowage.placement;

/**
 * What an action is for. A preemption carries the cause of what it makes room for; bonus replicas
 * are always {@link #GROWTH}. The names in lower case are those of {@code actions.csv} (simulation
 * design, section 4).
 */
public enum Cause {
  /** The floor of a chunk that is placed for the first time. */
  NEW,
  /** The floor of an established chunk. */
  REPAIR,
  /** A bonus replica. */
  GROWTH,
  /** Levelling, and replicas moved to lie in enough zones. */
  BALANCE,
  /** Off a leaving worker, one that may no longer hold the chunk, or one above its capacity. */
  EVACUATE,
  /** A link of a chain of moves that makes room for a floor. */
  RELOCATE,
  /** More replicas than the target. */
  SHRINK,
  /** A bonus replica given up in the orderly way for a chunk that found no room. */
  SHED,
  /** A move that the rebalancer asked for. */
  INTENT
}
