package dev.stowage.placement;

/** A search of a planner with bounded steps; see {@link PlacementPlan#cutShort}. */
public enum Search {
  /** Chains of moves for a floor or a leaving replica; complete only for equal sizes. */
  RELOCATION
}
