package dev.stowage.placement.baseline;

import dev.stowage.placement.PlacementPlanner;

/**
 * The published baseline for comparison: all replicas are recomputed by consistent hashing with
 * bounded loads. Replica t of a chunk walks a ring it draws to the first eligible worker with room.
 * Ignores zones, budgets, intents and preemption; a pin only keeps a held replica.
 */
public final class StatelessPlanner {
  /** The published number of rings. */
  private static final int PUBLISHED_RINGS = 6000;

  private StatelessPlanner() {}

  /** Returns a planner with the published number of rings. Thread-safe. */
  public static PlacementPlanner create() {
    return withRings(PUBLISHED_RINGS);
  }

  /** Returns a planner; throws {@code IllegalArgumentException} for {@code rings} below 1. */
  public static PlacementPlanner withRings(int rings) {
    if (rings < 1) {
      throw new IllegalArgumentException("rings is " + rings + "; at least 1 is accepted");
    }
    return PlacementPlanner.of(input -> new StatelessRun(input, rings).run());
  }
}
