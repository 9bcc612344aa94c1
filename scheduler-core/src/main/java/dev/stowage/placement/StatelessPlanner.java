package dev.stowage.placement;

import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.phases.StatelessRun;

/**
 * The published baseline for comparison: all replicas are recomputed by consistent hashing with
 * bounded loads. Replica t of a chunk walks a ring it draws to the first eligible worker with room.
 * Ignores zones, budgets, intents and preemption; a pin only keeps a held replica. Thread-safe and
 * stateless.
 */
public final class StatelessPlanner implements PlacementPlanner {
  /** The published number of rings. */
  public static final int PUBLISHED_RINGS = 6000;

  private final int rings;

  private StatelessPlanner(int rings) {
    this.rings = rings;
  }

  /** Returns a planner with the published number of rings. */
  public static StatelessPlanner create() {
    return new StatelessPlanner(PUBLISHED_RINGS);
  }

  /** Returns a planner; throws {@code IllegalArgumentException} for {@code rings} below 1. */
  public static StatelessPlanner withRings(int rings) {
    if (rings < 1) {
      throw new IllegalArgumentException("rings is " + rings + "; at least 1 is accepted");
    }
    return new StatelessPlanner(rings);
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    return new PlacementPlan(outcome(input.flat), this::outcome);
  }

  private PlanOutcome outcome(FlatInput input) {
    return new StatelessRun(input, rings).run();
  }
}
