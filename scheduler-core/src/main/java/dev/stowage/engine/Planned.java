package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan;
import java.util.Objects;

/** A scheduling cycle planned outside its transaction and executed in it. */
public record Planned(Preparation from, PlacementPlan plan) {
  public Planned {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(plan, "plan");
  }

  public static Planned of(Preparation from) {
    return new Planned(from, from.plan());
  }

  public Lifecycle.Outcome<Result.Scheduled> execute(
      Lifecycle lifecycle, LifecycleState mirror, Command<?> command, Tick tick) {
    return lifecycle.apply(mirror, CommandKind.SCHEDULE.of(command), from, plan, tick);
  }
}
