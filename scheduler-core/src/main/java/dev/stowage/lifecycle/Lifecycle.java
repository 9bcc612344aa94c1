package dev.stowage.lifecycle;

import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.Objects;

/**
 * The lifecycle protocol: executes commands on a state. A pure function of (state, command, tick),
 * given a planner that is one. Not thread-safe; one instance for each state.
 */
public final class Lifecycle {
  private final PlacementPlanner planner;

  /** A lifecycle that plans with this planner. */
  public Lifecycle(PlacementPlanner planner) {
    this.planner = Objects.requireNonNull(planner, "planner");
  }

  /**
   * What a command did.
   *
   * @param changes what changed, to be made durable, or rolled back on the state
   * @param result the typed answer
   */
  public record Outcome(ChangeSet changes, Result result) {
    /** Refuses nulls. */
    public Outcome {
      Objects.requireNonNull(changes, "changes");
      Objects.requireNonNull(result, "result");
    }
  }

  /**
   * Executes a command. The state is changed when this returns; if the change set cannot be made
   * durable, {@link LifecycleState#rollback} undoes it.
   *
   * @param state the state, written by this thread alone
   * @param command what to do
   * @param now the tick it happens at
   */
  public Outcome execute(LifecycleState state, Command command, Tick now) {
    Objects.requireNonNull(planner, "planner");
    throw new IllegalStateException("not built yet: " + command + " at " + now + state.digest());
  }
}
