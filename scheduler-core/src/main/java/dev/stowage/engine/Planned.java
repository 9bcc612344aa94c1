package dev.stowage.engine;

import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan;
import java.util.Objects;

/**
 * The first half of a scheduling cycle whose plan is made outside of its transaction; the second
 * half is executed in it.
 *
 * @param from what was planned from
 * @param plan the plan made from it
 */
public record Planned(Preparation from, PlacementPlan plan) {
  public Planned {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(plan, "plan");
  }

  /** Plans here and now. */
  public static Planned of(Preparation from) {
    return new Planned(from, from.plan());
  }

  /** The second half. */
  public Lifecycle.Outcome<Result.Scheduled> execute(
      Lifecycle lifecycle, LifecycleState mirror, Tick tick) {
    return lifecycle.apply(mirror, from, plan, tick);
  }
}
