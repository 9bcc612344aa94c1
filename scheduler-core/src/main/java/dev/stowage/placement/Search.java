package dev.stowage.placement;

/** A search of a planner with bounded steps; see {@link PlacementPlan#cutShort}. */
public enum Search {
  /** Chains of moves for a floor or a leaving replica; complete only for equal sizes. */
  RELOCATION,
  /** Packings of all additions of a small plan; larger plans are not searched. */
  REPACKING,
  /** Chains of moves over several plans that make room for chunks left out. */
  ROOM_FOR_NEW,
  /** Chains of moves that bring workers nearer to their level. */
  LEVELING
}
