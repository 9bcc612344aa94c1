package dev.stowage.placement;

/** Why a floor replica found no place; the rule that refused most of the workers asked. */
public enum Refusal {
  /** Fewer workers may hold the chunk than its floor. */
  TOO_FEW_WORKERS,
  /** Its domains may have fewer replicas of it together than its floor: {@code max_per_domain}. */
  DOMAIN_LIMIT,
  /** The chunk is larger than any worker that may hold it. */
  LARGER_THAN_ANY_WORKER,
  /** The workers that may hold it have no room left, and nothing on them may be taken away. */
  NO_ROOM,
  /** The chunk belongs to a swap whose new side did not find place as a whole. */
  SWAP_INCOMPLETE,
  /** The chunk belongs to a swap that rests on one that is not placed. */
  SWAP_WAITS
}
