package dev.stowage.placement;

import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.phases.StatelessRun;

/**
 * The published baseline, for comparison: every plan recomputes all replicas by consistent hashing
 * with bounded loads, without a look at what is held. Replica t of a chunk draws one of many rings
 * and walks it to the first eligible worker with room; all chunks get replica t before any gets the
 * next. What is held and not chosen is superseded, as far as the floor allows; what is chosen and
 * finds the room still taken by what has to go waits for a later plan.
 *
 * <p>Zones, movement budgets, intents and preemption are not looked at; a pin only keeps what is
 * held. Thread-safe; keeps nothing between calls.
 */
public final class StatelessPlanner implements PlacementPlanner {
  /** The published number of rings. */
  public static final int PUBLISHED_RINGS = 6000;

  private final int rings;

  private StatelessPlanner(int rings) {
    this.rings = rings;
  }

  /** A planner with the published number of rings. */
  public static StatelessPlanner create() {
    return new StatelessPlanner(PUBLISHED_RINGS);
  }

  /** A planner with another number of rings, at least 1. */
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
