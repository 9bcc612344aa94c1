package dev.stowage.placement;

/**
 * A search of a planner that need not try everything: its number of steps is bounded by the size of
 * the input. Where it gave up, {@link PlacementPlan#cutShort} names it: more may be possible than it
 * found.
 */
public enum Search {
  /**
   * Chains of moves that make room for a floor, or for what has to leave its worker. They are all
   * there is where chunks are of one size; where sizes differ a search that finds no chain has given
   * up.
   */
  RELOCATION,
  /** Packings of all that a small plan adds; plans of more replicas are not searched. */
  REPACKING,
  /** Chains of moves over several plans that make room for chunks that are left out. */
  ROOM_FOR_NEW,
  /** Chains of moves that bring workers nearer to their level. */
  LEVELING
}
