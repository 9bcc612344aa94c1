package dev.stowage.placement;

/**
 * A search of a planner with steps bounded by the size of the input. {@link PlacementPlan#cutShort}
 * names those that gave up and so may have missed a way.
 */
public enum Search {
  /**
   * Chains of moves for a floor or a replica that must leave its worker. They are complete for
   * equal sizes; with mixed sizes a search without a chain counts as given up.
   */
  RELOCATION,
  /** Packings of all additions of a small plan; larger plans are not searched. */
  REPACKING,
  /** Chains of moves over several plans that make room for chunks left out. */
  ROOM_FOR_NEW,
  /** Chains of moves that bring workers nearer to their level. */
  LEVELING
}
