package dev.stowage.placement;

/** The rule that left a floor replica without a place. */
public enum Refusal {
  /** Fewer workers may hold the chunk than its floor. */
  TOO_FEW_WORKERS,
  /** The domains admit fewer replicas than the floor: {@code max_per_domain}. */
  DOMAIN_LIMIT,
  /** The chunk is larger than any worker that may hold it. */
  LARGER_THAN_ANY_WORKER,
  /** The workers that may hold it have no room, and nothing on them may be dropped. */
  NO_ROOM,
  /** The new side of the chunk's swap did not fit as a whole. */
  SWAP_INCOMPLETE,
  /** The chunk's swap waits for a swap that is not placed. */
  SWAP_WAITS
}
